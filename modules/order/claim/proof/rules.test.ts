import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ClaimEvent, ClaimState } from "@shopnexus/contracts/order/complaint";
import {
  CLAIM_TRANSITIONS,
  type ClaimableLine,
  byPieces,
  deadlineOf,
  isOver,
  mayMove,
  next,
  outcomeOf,
} from "../rules.ts";

/** The whole table once more, written by hand: a way that is added or lost by mistake shows here. */
const WAYS: Readonly<Record<string, string>> = {
  "requested accept": "accepted",
  "requested accept_with_return": "returning",
  "requested contest": "disputed",
  "requested withdraw": "withdrawn",
  "requested expire": "accepted",
  "requested void": "voided",
  "returning accept": "accepted",
  "returning send": "in_transit",
  "returning arrive": "returned",
  "returning withdraw": "withdrawn",
  "returning expire": "closed",
  "returning void": "voided",
  "in_transit accept": "accepted",
  "in_transit arrive": "returned",
  "in_transit lose": "accepted",
  "in_transit approve": "accepted",
  "in_transit contest": "disputed",
  "in_transit withdraw": "withdrawn",
  "in_transit escalate": "in_transit",
  "in_transit expire": "accepted",
  "in_transit void": "voided",
  "returned accept": "accepted",
  "returned approve": "accepted",
  "returned contest": "disputed",
  "returned withdraw": "withdrawn",
  "returned expire": "accepted",
  "returned void": "voided",
  "disputed accept": "accepted",
  "disputed award_all": "accepted",
  "disputed award_part": "accepted",
  "disputed award_none": "denied",
  "disputed withdraw": "withdrawn",
  "disputed escalate": "disputed",
  "disputed expire": "accepted",
  "disputed void": "voided",
  "accepted pay": "paying",
  "accepted void": "voided",
  "paying settle": "settled",
};

test.each(ClaimState.options.flatMap((state) => ClaimEvent.options.map((event) => [state, event] as const)))(
  "a claim that is %s, and %s: what the table says and nothing else",
  (state, event) => {
    expect(next(state, event)).toBe(WAYS[`${state} ${event}`]);
  },
);

test("from every state that is not over a claim ends by itself, whatever the parties do not do", () => {
  for (const state of ClaimState.options) {
    let now: ClaimState = state;
    let isEscalated = false;
    for (let turns = 0; turns < 10 && !isOver(now); turns += 1) {
      const outcome = outcomeOf(now, isEscalated);
      const events: ClaimEvent[] =
        now === "accepted"
          ? ["pay"]
          : now === "paying"
            ? ["settle"]
            : [outcome === "escalate" ? "escalate" : "expire"];
      const [event] = events;
      const target = event && next(now, event);
      expect(target, `${now} has a way on`).toBeDefined();
      isEscalated = outcome === "escalate" || (isEscalated && target === now);
      now = target ?? now;
    }
    expect(isOver(now), `${state} ended as ${now}`).toBe(true);
  }
});

test("whoever is waited for has a deadline, and nobody else has", () => {
  const waits = ClaimState.options.filter((state) => deadlineOf(state) !== undefined);
  expect(waits).toEqual(["requested", "returning", "in_transit", "returned", "disputed"]);
  for (const state of waits)
    expect(Object.keys(CLAIM_TRANSITIONS[state])).toEqual(expect.arrayContaining(["expire"]));
});

test("a buyer does what buyers do, a seller what sellers do, and neither what the shop does", () => {
  const byBuyer = ClaimEvent.options.filter((event) => mayMove(event, "buyer"));
  const bySeller = ClaimEvent.options.filter((event) => mayMove(event, "seller"));
  expect(byBuyer).toEqual(["withdraw", "send"]);
  expect(bySeller).toEqual(["accept", "accept_with_return", "contest", "approve"]);
});

test("however the pieces of a line are asked for, together they are all of its goods and never more", () => {
  const anyLine = fc.record({ totalMinor: fc.nat(100_000), pieces: fc.integer({ min: 1, max: 40 }) });
  fc.assert(
    fc.property(
      anyLine,
      fc.infiniteStream(fc.integer({ min: 1, max: 10 })),
      ({ totalMinor, pieces }, sizes) => {
        let paidPieces = 0;
        let paid = 0;
        for (const size of sizes) {
          const part = Math.min(size, pieces - paidPieces);
          if (part === 0) break;
          paid += byPieces(lineOf(totalMinor, pieces), part, paidPieces);
          paidPieces += part;
        }
        expect(paid).toBe(totalMinor);
      },
    ),
  );
});

const lineOf = (totalMinor: number, pieces: number): ClaimableLine => ({
  lineId: "lin",
  state: "delivered",
  pieces,
  piecesBack: 0,
  claimUntil: null,
  totalMinor,
  shippingMinor: 0,
  commissionMinor: 0,
  paidMinor: totalMinor,
  escrowMinor: totalMinor,
  carriedMinor: 0,
  releasedMinor: 0,
  returnedMinor: 0,
  clawedMinor: 0,
  uncarriedMinor: 0,
  chargedMinor: 0,
  platformDiscountMinor: 0,
  subsidizedMinor: 0,
  cashbackMinor: 0,
  rewardedMinor: 0,
  sellerCarriageMinor: 0,
  borneMinor: 0,
});
