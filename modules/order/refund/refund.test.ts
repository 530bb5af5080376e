import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Mail } from "@shopnexus/contracts/common/mail";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Claim } from "@shopnexus/contracts/order/claim";
import { Refund } from "@shopnexus/contracts/order/refund";
import { buyer, operator, type Person } from "#tools/testkit/people.ts";
import { gatewayClient } from "#tools/testkit/gateway.ts";
import { askOf, payOut, type Sold } from "../claim/proof/stage.ts";
import { balanceOf, boughtBy, claims, ended, openStage, type Stage, standing } from "./proof/stage.ts";

let stage: Stage;
let boss: Person;
beforeAll(async () => {
  stage = await openStage();
  boss = await operator(stage.shop);
});
afterAll(() => stage?.stop());

const orderOf = (sold: Sold, sellerId: string): string => sold.orders.get(sellerId) ?? "";
const wallet = (person: Person, currency = "USD") => balanceOf(stage, `wallet:${person.accountId}`, currency);
const held = (person: Person, currency = "USD") => balanceOf(stage, `held:${person.accountId}`, currency);
const refundedAt = async (sold: Sold): Promise<number> => {
  const [row] = await stage.shop.sql`
    select gateway_ref from "order".tender where checkout_id = ${sold.checkoutId}`;
  const { data } = await gatewayClient(stage.shop).refunds.list({
    payment_intent: String(row?.["gateway_ref"]),
  });
  return data.reduce((sum, { amount }) => sum + amount, 0);
};
const settled = async (refundId: string): Promise<void> => {
  expect(await ended(stage, refundId)).toBe(200);
  expect((await standing(stage.mai, refundId)).state).toBe("settled");
};

describe("Refund/run", () => {
  test("money in escrow goes back by the ways it came, in proportion, and only that of its line", async () => {
    const { an, mai } = stage;
    const lines = [
      { sellerId: an.accountId, unitMinor: 1_001 },
      { sellerId: an.accountId, unitMinor: 2_000 },
    ];
    const sold = await boughtBy(stage, { lines, walletMinor: 1_000 });
    const orderId = orderOf(sold, an.accountId);
    const before = await wallet(mai);
    const { refundId } = await claims(stage, { orderId, lineId: sold.lineIds[0] ?? "" });
    await an.call(Refund, refundId).answer({ answer: "accept", says: "Sorry." });
    await settled(refundId);
    // 1,000 of 3,001 came from the wallet: 334 of 1,001 go back there.
    expect((await wallet(mai)) - before).toBe(334);
    expect(await refundedAt(sold)).toBe(667);
    expect(await balanceOf(stage, `escrow:${orderId}`)).toBe(2_000);
  });

  test("what the seller was paid, by the platform too, is frozen to the minor unit, given back on withdrawal, and taken on acceptance", async () => {
    const { an, mai } = stage;
    const before = await wallet(an);
    const line = { sellerId: an.accountId, pieces: 3, commissionMinor: 300, platformDiscountMinor: 300 };
    // What was spent on carriage is no part of it, and stays the seller's to bear.
    const sold = await boughtBy(stage, { lines: [{ ...line, sellerCarriageMinor: 150 }] }, true);
    const orderId = orderOf(sold, an.accountId);
    expect((await wallet(an)) - before).toBe(2_550);
    const first = await claims(stage, { orderId, lineId: sold.lineIds[0] ?? "" });
    await expect.poll(() => held(an)).toBe(900);
    expect((await wallet(an)) - before).toBe(1_650);
    await mai.call(Refund, first.refundId).withdraw({});
    expect(await ended(stage, first.refundId)).toBe(200);
    expect([(await wallet(an)) - before, await held(an)]).toEqual([2_550, 0]);
    const second = await claims(stage, { orderId, lineId: sold.lineIds[0] ?? "" });
    await an.call(Refund, second.refundId).answer({ answer: "accept", says: "" });
    await settled(second.refundId);
    expect([(await wallet(an)) - before, await held(an)]).toEqual([1_650, 0]);
    expect(await refundedAt(sold)).toBe(900);
  });

  test("a refund after the payout leaves the seller owing, and the next sale repays it", async () => {
    const { binh, db, post } = stage;
    const sale = { lines: [{ sellerId: binh.accountId, unitMinor: 4_000 }] };
    const sold = await boughtBy(stage, sale, true);
    const line = (account: string, minor: number) => ({ account, minor, currency: "USD" });
    const reference = orderOf(sold, binh.accountId);
    const everything = await wallet(binh);
    await post({
      entryKey: `${reference}/payout`,
      kind: "payout",
      reference,
      lines: [line(`wallet:${binh.accountId}`, -everything), line("bank:stripe", everything)],
    });
    const { refundId } = await claims(stage, { orderId: reference, lineId: sold.lineIds[0] ?? "" });
    await expect.poll(() => wallet(binh)).toBe(-4_000);
    await binh.call(Refund, refundId).answer({ answer: "accept", says: "" });
    await settled(refundId);
    expect([await wallet(binh), await held(binh)]).toEqual([-4_000, 0]);
    const next = await boughtBy(stage, { lines: [{ sellerId: binh.accountId, unitMinor: 5_000 }] });
    await payOut(db, orderOf(next, binh.accountId), post);
    expect(await wallet(binh)).toBe(1_000);
  });

  test("of two sellers in one checkout only the one who is asked pays, in the seller's own currency", async () => {
    const { an, binh } = stage;
    const lines = [
      { sellerId: an.accountId, unitMinor: 1_000, commissionMinor: 100 },
      { sellerId: binh.accountId, unitMinor: 2_000, commissionMinor: 200 },
    ];
    const sold = await boughtBy(
      stage,
      { lines, seller: { currency: "VND", rate: "25000" }, walletMinor: 500 },
      true,
    );
    const [other, own] = [await wallet(binh, "VND"), await wallet(an, "VND")];
    const { refundId } = await claims(stage, {
      orderId: orderOf(sold, an.accountId),
      lineId: sold.lineIds[0] ?? "",
    });
    await expect.poll(() => held(an, "VND")).toBe(225_000);
    expect(await held(binh, "VND")).toBe(0);
    await an.call(Refund, refundId).answer({ answer: "accept", says: "" });
    await settled(refundId);
    expect((await wallet(an, "VND")) - own).toBe(-225_000);
    expect(await wallet(binh, "VND")).toBe(other);
    const { unbalanced, drifted } = await boss.call(Wallet).audit({});
    expect([unbalanced, drifted]).toEqual([[], []]);
  });

  test("several refunds of one charge give back all of it at most, to the minor unit", async () => {
    const { an } = stage;
    const sold = await boughtBy(stage, {
      lines: [{ sellerId: an.accountId, unitMinor: 333, pieces: 3 }],
      walletMinor: 100,
    });
    const orderId = orderOf(sold, an.accountId);
    for (let at = 0; at < 3; at += 1) {
      const { refundId } = await claims(stage, { orderId, lineId: sold.lineIds[0] ?? "" });
      await an.call(Refund, refundId).answer({ answer: "accept", says: "" });
      await settled(refundId);
    }
    expect(await refundedAt(sold)).toBe(899);
    expect(await balanceOf(stage, `escrow:${orderId}`)).toBe(0);
    await expect(claims(stage, { orderId, lineId: sold.lineIds[0] ?? "" })).rejects.toMatchObject({
      code: "LINE_NOT_CLAIMABLE",
    });
  });

  test("goods that came back sellable can be sold again; everybody was written to once", async () => {
    const { an, mai } = stage;
    const { skuId } = await an.offer(1_000, 5);
    const holdId = freshId("hld");
    await stage.ask(Stock, "reserve", { holdId, lines: [{ skuId, pieces: 2 }] });
    await stage.ask(Stock, "commit", { holdId });
    const sold = await boughtBy(stage, { lines: [{ sellerId: an.accountId, pieces: 2, skuId }] });
    const { refundId } = await claims(stage, {
      orderId: orderOf(sold, an.accountId),
      lineId: sold.lineIds[0] ?? "",
    });
    await an.call(Refund, refundId).answer({ answer: "accept_with_return", says: "Send it back." });
    await mai.call(Refund, refundId).sent({ how: "Post, 123" });
    await an.call(Refund, refundId).inspect({ finding: "ok", isSellable: true, says: "" });
    await settled(refundId);
    expect(await boss.call(Stock).level({ skuId })).toMatchObject({ sold: 1, available: 4 });
    const letters = async () => {
      const { items } = await boss.call(Mail).find({ keyPrefix: refundId, limit: 100 });
      return items.map(({ template, state }) => `${template} ${state}`).toSorted();
    };
    await expect
      .poll(letters)
      .toEqual([
        "claim_answered sent",
        "claim_answered sent",
        "claim_answered sent",
        "claim_closed sent",
        "claim_opened sent",
        "refund_paid sent",
      ]);
  });
});

describe("who may do what", () => {
  test("CLAIM_UNKNOWN and ORDER_UNKNOWN for another buyer and another seller, FORBIDDEN for whoever is no operator", async () => {
    const { an, binh, mai, shop } = stage;
    const stranger = await buyer(shop);
    const sold = await boughtBy(stage, { lines: [{ sellerId: an.accountId }] });
    const orderId = orderOf(sold, an.accountId);
    const lineId = sold.lineIds[0] ?? "";
    await expect(stranger.call(Claim).open(askOf(orderId, lineId))).rejects.toMatchObject({
      code: "ORDER_UNKNOWN",
    });
    const { refundId } = await claims(stage, { orderId, lineId });
    const unknown = { code: "CLAIM_UNKNOWN" };
    const says = "";
    for (const attempt of [
      () => stranger.call(Claim).read({ refundId }),
      () => binh.call(Claim).read({ refundId }),
      () => stranger.call(Refund, refundId).withdraw({}),
      () => an.call(Refund, refundId).withdraw({}),
      () => stranger.call(Refund, refundId).sent({ how: "x" }),
      () => binh.call(Refund, refundId).answer({ answer: "accept", says }),
      () => binh.call(Refund, refundId).inspect({ finding: "ok", isSellable: true, says }),
      () => an.call(Refund, "nonsense").answer({ answer: "accept", says }),
    ])
      await expect(attempt()).rejects.toMatchObject(unknown);
    await expect(mai.call(Refund, refundId).answer({ answer: "accept", says })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await expect(an.call(Claim).listAll({})).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect((await boss.call(Claim).read({ refundId })).state).toBe("requested");
    for (const list of [
      () => mai.call(Claim).list({ state: "requested" }),
      () => an.call(Claim).listSales({ state: "requested" }),
      () => boss.call(Claim).listAll({ state: "requested" }),
    ])
      expect((await list()).items.map((one) => one.refundId)).toContain(refundId);
    expect((await stranger.call(Claim).list({})).items).toEqual([]);
    expect((await binh.call(Claim).listSales({})).items.map((one) => one.refundId)).not.toContain(refundId);
  });

  test("20 at once over one claim: one wins, the rest get CLAIM_DECIDED, and the money moves once", async () => {
    const { an, mai } = stage;
    const sold = await boughtBy(stage, { lines: [{ sellerId: an.accountId }] });
    const { refundId } = await claims(stage, {
      orderId: orderOf(sold, an.accountId),
      lineId: sold.lineIds[0] ?? "",
    });
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) =>
        at % 2 === 0
          ? an.call(Refund, refundId).answer({ answer: "accept", says: "" })
          : mai.call(Refund, refundId).withdraw({}),
      ),
    );
    expect(await ended(stage, refundId)).toBe(200);
    const { state } = await standing(mai, refundId);
    expect(["settled", "withdrawn"]).toContain(state);
    expect(await refundedAt(sold)).toBe(state === "settled" ? 1_000 : 0);
    const lost = results.filter((_, at) => (at % 2 === 0) !== (state === "settled"));
    for (const result of lost)
      expect(result).toMatchObject({ status: "rejected", reason: { code: "CLAIM_DECIDED" } });
  });
});
