import { afterAll, beforeAll, expect, test } from "vitest";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { audit } from "#tools/audit/audit.ts";
import { insider, operator } from "#tools/testkit/people.ts";
import { openOrderStage, type OrderStage, PATIENT } from "./stage.ts";

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

test("cashback comes to the buyer's wallet with the seller's money, in proportion to what was not given back, and the books stay exact", async () => {
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
  const url = stage.shop.databaseUrl;
  const report = await audit({ databaseUrls: { account: url, order: url, inventory: url } });
  expect(report.checks.filter(({ found }) => found > 0)).toEqual([]);
});
