import { expect, test } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { ClaimEvent, type ClaimState, type ClaimView } from "@shopnexus/contracts/order/complaint";
import { Letter } from "@shopnexus/contracts/common/letter";
import { feedOf, type Happened, labelLetter, lettersOf, soonest } from "./rules.ts";

const AT = "2026-11-21T12:00:00.000Z";
const view = (rest: Partial<ClaimView> = {}): ClaimView => ({
  refundId: freshId("rfd"),
  orderId: freshId("ord"),
  buyerId: freshId("acc"),
  sellerId: freshId("acc"),
  state: "requested",
  reason: "damaged",
  says: "It is broken.",
  evidence: [],
  lines: [],
  asked: { minor: 1_000, currency: "USD" },
  paid: null,
  disputeId: null,
  shipmentId: null,
  dueAt: AT,
  outcome: "pay_buyer",
  openedAt: AT,
  endedAt: null,
  ...rest,
});
const happened = (event: ClaimEvent, state: ClaimState): Happened => ({
  version: 3,
  event,
  state,
  by: "shop",
  says: "Because.",
  at: AT,
  orderVersion: null,
});

/** To whom of the two, and what. */
const told = (claim: ClaimView, event: ClaimEvent, state: ClaimState): string[] =>
  lettersOf({ claim, happened: happened(event, state), operators: "ops@example.com" }).map((letter) => {
    const to =
      "email" in letter.to ? "operators" : letter.to.accountId === claim.buyerId ? "buyer" : "seller";
    return `${to}: ${letter.template}`;
  });

test("each event is told to whoever did not do it, and no other", () => {
  const plain = view();
  const disputed = view({ disputeId: freshId("dsp") });
  const paid = view({ paid: { minor: 900, currency: "USD" } });
  expect(told(plain, "open", "requested")).toEqual(["seller: claim_opened"]);
  expect(told(plain, "accept", "accepted")).toEqual(["buyer: claim_answered"]);
  expect(told(plain, "accept_with_return", "returning")).toEqual(["buyer: claim_answered"]);
  expect(told(disputed, "contest", "disputed")).toEqual(["buyer: dispute_opened"]);
  expect(told(plain, "withdraw", "withdrawn")).toEqual(["seller: claim_closed"]);
  expect(told(plain, "send", "in_transit")).toEqual(["seller: claim_answered"]);
  expect(told(plain, "arrive", "returned")).toEqual(["seller: claim_answered"]);
  expect(told(plain, "approve", "accepted")).toEqual(["buyer: claim_answered"]);
  expect(told(plain, "escalate", "disputed")).toEqual(["operators: operator_alert"]);
  expect(told(plain, "expire", "accepted")).toEqual(["buyer: claim_answered", "seller: claim_answered"]);
  expect(told(plain, "expire", "closed")).toEqual(["buyer: claim_closed", "seller: claim_closed"]);
  for (const event of ["award_all", "award_part", "award_none"] as const)
    expect(told(disputed, event, "accepted")).toEqual(["buyer: dispute_decided", "seller: dispute_decided"]);
  expect(told(paid, "settle", "settled")).toEqual(["buyer: refund_paid", "seller: claim_closed"]);
  expect(told(plain, "pay", "paying")).toEqual([]);
});

test("every letter is one that the mail takes, under a key that names its event", () => {
  const claim = view({ disputeId: freshId("dsp"), paid: { minor: 1, currency: "USD" } });
  const all = ClaimEvent.options.flatMap((event) =>
    lettersOf({ claim, happened: happened(event, "settled"), operators: "ops@example.com" }),
  );
  expect(all.length).toBeGreaterThan(10);
  for (const letter of [...all, labelLetter(claim, "TRACK1")])
    expect(Letter.safeParse(letter).error).toBeUndefined();
  for (const { messageKey } of all) expect(messageKey.startsWith(`${claim.refundId}/3/`)).toBe(true);
});

test("a shop without operators' address escalates without a letter", () => {
  expect(
    lettersOf({ claim: view(), happened: happened("escalate", "disputed"), operators: undefined }),
  ).toEqual([]);
});

test("the feed hears of a claim's beginning and its end once, and of a dispute's", () => {
  const kinds = (claim: ClaimView, event: ClaimEvent, state: ClaimState) =>
    feedOf(claim, happened(event, state)).map(({ kind }) => kind);
  const disputed = view({ disputeId: freshId("dsp") });
  expect(kinds(view(), "open", "requested")).toEqual(["refund.opened"]);
  expect(kinds(view(), "withdraw", "withdrawn")).toEqual(["refund.closed"]);
  expect(kinds(disputed, "contest", "disputed")).toEqual(["dispute.opened"]);
  expect(kinds(disputed, "award_none", "denied")).toEqual(["refund.closed", "dispute.closed"]);
  expect(kinds(disputed, "expire", "accepted")).toEqual(["dispute.closed"]);
  expect(kinds(disputed, "settle", "settled")).toEqual(["refund.closed"]);
  expect(kinds(view(), "accept", "accepted")).toEqual([]);
});

test("of several waits the shortest counts, and none of nothing", () => {
  expect([soonest(null, 5, 3), soonest(null, null), soonest(0, 9)]).toEqual([3, null, 0]);
});
