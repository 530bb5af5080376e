import { afterAll, beforeAll, expect, test } from "vitest";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Claim } from "@shopnexus/contracts/order/claim";
import { Refund } from "@shopnexus/contracts/order/refund";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { audit } from "#tools/audit/audit.ts";
import { basketOf, checkOut, insider, operator } from "#tools/testkit/people.ts";
import { askOf } from "../../claim/proof/stage.ts";
import { openOrderStage, type OrderStage, type Paid, PATIENT } from "./stage.ts";

let stage: OrderStage;
beforeAll(async () => {
  stage = await openOrderStage({ escrowMs: 400, bookRetryMs: 100 });
});
afterAll(() => stage?.close());

const usd = (minor: number) => ({ minor, currency: "USD" });
const walletOf = async (accountId: string): Promise<number> => {
  const account = `wallet:${accountId}`;
  const { balances } = await (await insider(stage.shop)).call(Wallet).balance({ account });
  return balances.find(({ currency }) => currency === "USD")?.minor ?? 0;
};

/** Part of another purchase by then. */
const setAside = async (minor: number): Promise<string> => {
  const other = await stage.an.offer(1_000, 1);
  const { checkoutId } = await checkOut(stage.mai, { ...basketOf(stage.mai, [other]), wallet: usd(minor) });
  return checkoutId;
};
const claimed = async ({ orderId }: Paid, lineId: string): Promise<void> => {
  const { refundId } = await stage.mai.call(Claim).open(askOf(orderId, lineId));
  await stage.an.call(Refund, refundId).answer({ answer: "accept", says: "" });
  const state = async () => (await stage.mai.call(Claim).read({ refundId })).state;
  await expect.poll(state, PATIENT).toBe("settled");
};

test("cashback comes to the buyer's wallet with the seller's money, in proportion to what was not given back; what goes back later takes its part with it, once", async () => {
  const boss = await operator(stage.shop);
  const now = Date.now();
  const { promotionId } = await boss.call(Promotion).launch({
    name: "Five percent back",
    gives: "cashback",
    discount: { kind: "percent", basisPoints: 500 },
    budget: usd(100_000),
    startsAt: instant(now - DAY_MS),
    endsAt: instant(now + DAY_MS),
  });
  const goods = [await stage.an.offer(2_000, 5), await stage.an.offer(500, 5)];
  const paid = await stage.buy(goods, 2);
  const [first = "", second = ""] = paid.lineIds;
  expect((await boss.call(Promotion).read({ promotionId })).redeemed).toEqual(usd(250));
  await stage.sell(paid).reject({ lineIds: [first], note: "It broke." });
  await expect.poll(() => stage.refunded(paid), PATIENT).toBe(4_000);
  await stage.sell(paid).confirm({ lineIds: [second] });
  await expect.poll(() => stage.told(paid), PATIENT).toContain("parcel_booked");
  await stage.move(paid, "picked_up");
  await stage.move(paid, "delivered");
  await stage.reaches(paid, "fulfilled", [second]);
  await expect.poll(() => walletOf(stage.mai.accountId), PATIENT).toBe(50);
  expect(await stage.books(paid)).toMatchObject({ escrow: -5_000, "platform:promotions": -50 });
  await claimed(paid, second);
  expect([await walletOf(stage.mai.accountId), await stage.refunded(paid)]).toEqual([25, 4_500]);
  const other = await setAside(25);
  await claimed(paid, second);
  expect([await walletOf(stage.mai.accountId), await stage.refunded(paid)]).toEqual([-25, 5_000]);
  expect((await stage.books(paid))["platform:promotions"]).toBeUndefined();
  // What the buyer owes is repaid by what comes next.
  await stage.mai.call(Checkout, other).cancel({});
  await expect.poll(() => walletOf(stage.mai.accountId), PATIENT).toBe(0);
  const url = stage.shop.databaseUrl;
  const report = await audit({ databaseUrls: { account: url, order: url, inventory: url } });
  expect(report.checks.filter(({ found }) => found > 0)).toEqual([]);
});
