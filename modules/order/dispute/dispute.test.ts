import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Dispute } from "@shopnexus/contracts/order/dispute";
import { Refund } from "@shopnexus/contracts/order/refund";
import { buyer, operator, type Person } from "#tools/testkit/people.ts";
import {
  balanceOf,
  boughtBy,
  claims,
  ended,
  openStage,
  type Stage,
  standing,
} from "../refund/proof/stage.ts";

let stage: Stage;
let boss: Person;
beforeAll(async () => {
  stage = await openStage();
  boss = await operator(stage.shop);
});
afterAll(() => stage?.stop());

const usd = (minor: number) => ({ minor, currency: "USD" });

/** A claim for two lines, 30.00 and 20.00, that the seller does not agree with. */
const disputed = async () => {
  const { an } = stage;
  const lines = [
    { sellerId: an.accountId, unitMinor: 3_000 },
    { sellerId: an.accountId, unitMinor: 2_000 },
  ];
  const sold = await boughtBy(stage, { lines, walletMinor: 5_000 });
  const orderId = sold.orders.get(an.accountId) ?? "";
  const [first = "", second = ""] = sold.lineIds;
  const both = { lines: sold.lineIds.map((lineId) => ({ lineId, pieces: 1 })) };
  const { refundId } = await claims(stage, { orderId, lineId: first }, both);
  const { disputeId } = await an.call(Refund, refundId).answer({ answer: "contest", says: "It was whole." });
  return { refundId, disputeId: disputeId ?? "", orderId, first, second };
};

describe("Dispute/decide", () => {
  test("full: all that was asked goes back", async () => {
    const { refundId, disputeId, orderId } = await disputed();
    const decided = await boss
      .call(Dispute)
      .decide({ disputeId, verdict: { kind: "full" }, note: "Broken." });
    expect(decided).toMatchObject({ state: "decided", verdict: "full", note: "Broken." });
    expect(await ended(stage, refundId)).toBe(200);
    expect(await standing(stage.mai, refundId)).toMatchObject({ state: "settled", paid: usd(5_000) });
    expect(await balanceOf(stage, `escrow:${orderId}`)).toBe(0);
  });

  test("partial: of each line what was awarded, of lines that are not named nothing", async () => {
    const { refundId, disputeId, orderId, first, second } = await disputed();
    const awards = [{ lineId: first, amount: usd(1_250) }];
    await boss.call(Dispute).decide({ disputeId, verdict: { kind: "partial", awards }, note: "" });
    expect(await ended(stage, refundId)).toBe(200);
    expect(await standing(stage.mai, refundId)).toMatchObject({ state: "settled", paid: usd(1_250) });
    expect(await balanceOf(stage, `escrow:${orderId}`)).toBe(3_750);
    const lines = await stage.shop.sql`
      select line_id, state, returned_minor::int as returned from "order".checkout_line where order_id = ${orderId}`;
    expect(lines).toEqual(
      expect.arrayContaining([
        { line_id: first, state: "delivered", returned: 1_250 },
        { line_id: second, state: "delivered", returned: 0 },
      ]),
    );
  });

  test("none: nothing goes back, and the lines are where they were", async () => {
    const { refundId, disputeId, orderId } = await disputed();
    await boss.call(Dispute).decide({ disputeId, verdict: { kind: "none" }, note: "It was whole." });
    expect(await ended(stage, refundId)).toBe(200);
    expect(await standing(stage.mai, refundId)).toMatchObject({ state: "denied", paid: null });
    expect(await balanceOf(stage, `escrow:${orderId}`)).toBe(5_000);
  });

  test("20 verdicts at once are one; the others get DISPUTE_DECIDED with what was decided", async () => {
    const { refundId, disputeId } = await disputed();
    const kinds = ["full", "none"] as const;
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) =>
        boss.call(Dispute).decide({ disputeId, verdict: { kind: kinds[at % 2] ?? "none" }, note: `${at}` }),
      ),
    );
    const won = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(won).toHaveLength(1);
    const lost = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason as unknown] : [],
    );
    const told = { state: "decided", verdict: won[0]?.verdict, note: won[0]?.note };
    for (const reason of lost) expect(reason).toMatchObject({ code: "DISPUTE_DECIDED", data: told });
    expect(await ended(stage, refundId)).toBe(200);
    const { state } = await standing(stage.mai, refundId);
    expect(state).toBe(won[0]?.verdict === "full" ? "settled" : "denied");
  });

  test("20 verdicts, withdrawals and answers at once: one of them ends it, and it ends once", async () => {
    const { refundId, disputeId } = await disputed();
    const { an, mai } = stage;
    const deeds = [
      () => boss.call(Dispute).decide({ disputeId, verdict: { kind: "none" }, note: "" }),
      () => mai.call(Refund, refundId).withdraw({}),
      () => an.call(Refund, refundId).answer({ answer: "accept", says: "" }),
    ];
    await Promise.allSettled(Array.from({ length: 20 }, async (_, at) => deeds[at % 3]?.()));
    expect(await ended(stage, refundId)).toBe(200);
    const { state, history } = await standing(mai, refundId);
    const ends = history.filter(({ event }) => ["award_none", "withdraw", "accept"].includes(event));
    expect(ends).toHaveLength(1);
    const [end] = ends;
    const ways = { award_none: "denied", withdraw: "withdrawn", accept: "settled" } as Record<string, string>;
    expect(state).toBe(ways[end?.event ?? ""]);
    const dispute = await boss.call(Dispute).read({ disputeId });
    expect(dispute.state).toBe(end?.event === "award_none" ? "decided" : "closed");
  });

  test("AWARD_TOO_HIGH beyond what was asked, for lines that were not, twice, and in another currency", async () => {
    const { disputeId, first } = await disputed();
    const partly = (...awards: Array<{ lineId: string; amount: { minor: number; currency: string } }>) =>
      boss.call(Dispute).decide({ disputeId, verdict: { kind: "partial", awards }, note: "" });
    const stranger = freshId("lin");
    for (const [awards, data] of [
      [[{ lineId: first, amount: usd(3_001) }], { lineId: first, atMost: usd(3_000) }],
      [[{ lineId: stranger, amount: usd(1) }], { lineId: stranger, atMost: null }],
      [[{ lineId: first, amount: { minor: 1, currency: "EUR" } }], { lineId: first, atMost: usd(3_000) }],
      [
        [
          { lineId: first, amount: usd(1) },
          { lineId: first, amount: usd(1) },
        ],
        { lineId: first, atMost: usd(3_000) },
      ],
    ] as const)
      await expect(partly(...awards)).rejects.toMatchObject({
        code: "AWARD_TOO_HIGH",
        data: { lines: [data] },
      });
    expect((await boss.call(Dispute).read({ disputeId })).state).toBe("open");
  });
});

describe("Dispute/message", () => {
  test("buyer, seller and operator write, and all of it is read in its order", async () => {
    const { disputeId } = await disputed();
    const { an, mai } = stage;
    const evidence = [freshId("fil")];
    await mai.call(Dispute).message({ disputeId, says: "See the picture.", evidence });
    await an.call(Dispute).message({ disputeId, says: "I see.", evidence: [] });
    await boss.call(Dispute).message({ disputeId, says: "I look at it.", evidence: [] });
    const { messages } = await mai.call(Dispute).read({ disputeId });
    expect(messages.map(({ role, says }) => `${role}: ${says}`)).toEqual([
      "seller: It was whole.",
      "buyer: See the picture.",
      "seller: I see.",
      "operator: I look at it.",
    ]);
    expect(messages[1]?.evidence).toEqual(evidence);
  });

  test("DISPUTE_DECIDED once it is over, and nothing is written any more", async () => {
    const { disputeId, refundId } = await disputed();
    await stage.mai.call(Refund, refundId).withdraw({});
    const late = stage.an.call(Dispute).message({ disputeId, says: "And another thing.", evidence: [] });
    await expect(late).rejects.toMatchObject({
      code: "DISPUTE_DECIDED",
      data: { state: "closed", verdict: null },
    });
    const verdict = boss.call(Dispute).decide({ disputeId, verdict: { kind: "full" }, note: "" });
    await expect(verdict).rejects.toMatchObject({ code: "DISPUTE_DECIDED" });
  });
});

test("DISPUTE_UNKNOWN for strangers, another seller and what is not there; FORBIDDEN to decide for parties", async () => {
  const { disputeId } = await disputed();
  const { an, binh, mai, shop } = stage;
  const stranger = await buyer(shop);
  for (const who of [stranger, binh])
    for (const attempt of [
      () => who.call(Dispute).read({ disputeId }),
      () => who.call(Dispute).message({ disputeId, says: "Hello.", evidence: [] }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "DISPUTE_UNKNOWN" });
  const nowhere = { disputeId: freshId("dsp"), verdict: { kind: "none" as const }, note: "" };
  await expect(boss.call(Dispute).decide(nowhere)).rejects.toMatchObject({ code: "DISPUTE_UNKNOWN" });
  for (const who of [an, mai])
    await expect(who.call(Dispute).decide({ ...nowhere, disputeId })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  const lists = await Promise.all(
    [an, mai, boss].map((who) => who.call(Dispute).list({ state: "open", limit: 100 })),
  );
  for (const { items } of lists) expect(items.map((one) => one.disputeId)).toContain(disputeId);
  expect((await stranger.call(Dispute).list({})).items).toEqual([]);
});
