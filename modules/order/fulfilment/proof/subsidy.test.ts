import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import { Claim } from "@shopnexus/contracts/order/claim";
import { Commission } from "@shopnexus/contracts/order/commission";
import { Order } from "@shopnexus/contracts/order/order";
import { Refund } from "@shopnexus/contracts/order/refund";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import type { Terms } from "@shopnexus/contracts/promotion/terms";
import { readConfig } from "#app/config.ts";
import { audit } from "#tools/audit/audit.ts";
import { type Goods, operator, type Person } from "#tools/testkit/people.ts";
import { askOf } from "../../claim/proof/stage.ts";
import { openOrderStage, type OrderStage, type Paid, PATIENT } from "./stage.ts";

let stage: OrderStage;
let boss: Person;
beforeAll(async () => {
  stage = await openOrderStage({ escrowMs: 400, bookRetryMs: 100, chargebackMs: 1_500 });
  boss = await operator(stage.shop);
  await boss.call(Commission).put({ scope: { kind: "default" }, terms: { basisPoints: 1_000, fixed: null } });
});
afterAll(() => stage?.close());

const usd = (minor: number) => ({ minor, currency: "USD" });
const tenPercentOff = async (goods: readonly Goods[], rest: Partial<Terms> = {}) => {
  const now = Date.now();
  return boss.call(Promotion).launch({
    name: "Ten percent",
    discount: { kind: "percent", basisPoints: 1_000 },
    level: "line",
    targets: goods.map(({ skuId }) => ({ kind: "sku", skuId })),
    budget: usd(1_000_000),
    startsAt: instant(now - DAY_MS),
    endsAt: instant(now + DAY_MS),
    ...rest,
  });
};
const accountOf = async (account: string): Promise<number> => {
  const [row] = await stage.shop.sql`
    select coalesce(sum(minor), 0)::int as minor from account.entry_line where account = ${account}`;
  return Number(row?.["minor"]);
};
const ofSeller = () => accountOf(`wallet:${stage.an.accountId}`);
const given = async (paid: Paid) => (await stage.books(paid))["platform:promotions"] ?? 0;
const delivered = async (paid: Paid, lineIds = paid.lineIds): Promise<void> => {
  await stage.sell(paid).confirm({ lineIds: [...lineIds] });
  await expect.poll(() => stage.told(paid), PATIENT).toContain("parcel_booked");
  await stage.move(paid, "picked_up");
  await stage.move(paid, "delivered");
  await stage.reaches(paid, "fulfilled", lineIds);
  await expect.poll(async () => (await stage.books(paid))["wallet"] ?? 0, PATIENT).toBeGreaterThan(0);
};
const disputed = async ({ checkoutId }: Paid, amount: number, outcome: "won" | "lost"): Promise<void> => {
  const { sql, sandbox } = stage.shop;
  const [row] = await sql`select gateway_ref from "order".tender where checkout_id = ${checkoutId}`;
  const { id } = sandbox.bank.dispute(String(row?.["gateway_ref"]), { amount });
  const standing = async () => {
    const [one] = await sql`
      select lines_minor::int as lines, ended_at is not null as "isOver" from "order".chargeback where dispute_ref = ${id}`;
    return one;
  };
  await expect.poll(standing, PATIENT).toMatchObject({ lines: amount });
  sandbox.bank.decide(id, outcome);
  await expect.poll(standing, PATIENT).toMatchObject({ isOver: true });
};
const claimed = async ({ orderId }: Paid, lineId: string): Promise<void> => {
  const { refundId } = await stage.mai.call(Claim).open(askOf(orderId, lineId));
  await stage.an.call(Refund, refundId).answer({ answer: "accept", says: "" });
  const state = async () => (await stage.mai.call(Claim).read({ refundId })).state;
  await expect.poll(state, PATIENT).toBe("settled");
};
/** To the minor unit, and the gateway says the same. */
const clean = async (): Promise<void> => {
  const { databaseUrl: url, environment } = stage.shop;
  const { stripe } = readConfig(environment).settings;
  const wrong = async () =>
    (await audit({ databaseUrls: { account: url, order: url, inventory: url }, stripe })).checks.filter(
      ({ found }) => found > 0,
    );
  await expect.poll(wrong, { timeout: 10_000, interval: 200 }).toEqual([]);
};

describe("a discount that the platform pays", () => {
  test("the seller is paid as if it were not there, less commission; what comes back takes its part with it, to the last minor unit", async () => {
    const goods = [await stage.an.offer(2_000, 5), await stage.an.offer(1_000, 5)];
    await tenPercentOff(goods);
    const before = await ofSeller();
    const gained = async () => (await ofSeller()) - before;
    const paid = await stage.buy(goods);
    const [first = "", second = ""] = paid.lineIds;
    await stage.sell(paid).reject({ lineIds: [second], note: "It broke." });
    await expect.poll(() => stage.refunded(paid), PATIENT).toBe(900);
    await delivered(paid, [first]);
    expect([await gained(), await given(paid)]).toEqual([1_800, -200]);
    const { proceeds } = await stage.an.call(Order).read({ orderId: paid.orderId });
    expect(proceeds).toEqual({
      commission: usd(200),
      subsidy: usd(200),
      received: usd(1_800),
      expected: usd(0),
    });
    await disputed(paid, 600, "won");
    await expect.poll(gained, PATIENT).toBe(1_800);
    await disputed(paid, 601, "lost");
    expect([await gained(), await given(paid)]).toEqual([1_199, -133]);
    await claimed(paid, first);
    expect([await gained(), await given(paid)]).toEqual([0, 0]);
    await clean();
  });

  test("what the seller pays of a discount stays the seller's", async () => {
    const goods = [await stage.an.offer(1_000, 5)];
    await tenPercentOff(goods, { paidBy: "seller" });
    const before = await ofSeller();
    const paid = await stage.buy(goods);
    await delivered(paid);
    expect([(await ofSeller()) - before, await given(paid)]).toEqual([810, 0]);
    await clean();
  });

  test("goods that cost the buyer nothing are paid for in full", async () => {
    const [gift, other] = [await stage.an.offer(700, 5), await stage.an.offer(1_000, 5)];
    await tenPercentOff([gift], { discount: { kind: "percent", basisPoints: 10_000 } });
    const before = await ofSeller();
    const paid = await stage.buy([gift, other]);
    await delivered(paid);
    expect([(await ofSeller()) - before, await given(paid)]).toEqual([1_530, -700]);
    await clean();
  });
});
