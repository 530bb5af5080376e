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

/** Who pays what of the carriage of an order's lines, as it was frozen, and what the seller has paid of it. */
const carriageOf = async ({ orderId }: Paid) => {
  const [row] = await stage.shop.sql`
    select sum(shipping_minor)::int as buyer, sum(platform_carriage_minor)::int as platform,
      sum(seller_carriage_minor)::int as seller, sum(borne_minor)::int as borne
    from "order".checkout_line where order_id = ${orderId}`;
  return { ...row };
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
      carriage: usd(0),
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

describe("carriage that is free for the buyer", () => {
  const free = (goods: readonly Goods[]): Terms => ({
    name: "Free carriage",
    gives: "shipping",
    discount: { kind: "percent", basisPoints: 10_000 },
    targets: goods.map(({ skuId }) => ({ kind: "sku", skuId })),
    budget: usd(1_000_000),
    startsAt: instant(Date.now() - DAY_MS),
    endsAt: instant(Date.now() + DAY_MS),
  });
  /** The cheapest carrier asks for seven tenths of it. */
  const CARRIAGE = { baseMinor: 400 };
  const bought = async (goods: readonly Goods[]): Promise<Paid> => {
    const { carrier } = stage.shop.sandbox;
    carrier.setTariff(CARRIAGE);
    const paid = await stage.buy(goods);
    carrier.setTariff({ baseMinor: 0 });
    return paid;
  };
  const spent = async (paid: Paid) => (await stage.books(paid))["platform:shipping"] ?? 0;

  test("because of the seller's promotion is paid by the seller, once the goods are there, and stays paid when they come back; an order that is refused costs nothing", async () => {
    const goods = [await stage.an.offer(1_000, 5), await stage.an.offer(500, 5)];
    await stage.an.call(Promotion).create(free(goods));
    const before = await ofSeller();
    const gained = async () => (await ofSeller()) - before;
    const [paid, refused] = [await bought(goods), await bought(goods)];
    await stage.sell(refused).reject({ note: "They broke." });
    await expect.poll(() => stage.refunded(refused), PATIENT).toBe(1_500);
    const frozen = { buyer: 0, platform: 0, seller: 280 };
    expect(await carriageOf(paid)).toEqual({ ...frozen, borne: 0 });
    const { proceeds: early } = await stage.an.call(Order).read({ orderId: paid.orderId });
    expect(early).toMatchObject({ carriage: usd(280), received: usd(0), expected: usd(1_070) });
    await delivered(paid);
    expect([await gained(), await spent(paid), await spent(refused)]).toEqual([1_070, 280, 0]);
    expect(await carriageOf(paid)).toEqual({ ...frozen, borne: 280 });
    expect(await carriageOf(refused)).toEqual({ ...frozen, borne: 0 });
    const { proceeds } = await stage.an.call(Order).read({ orderId: paid.orderId });
    expect(proceeds).toEqual({
      commission: usd(150),
      subsidy: usd(0),
      carriage: usd(280),
      received: usd(1_070),
      expected: usd(0),
    });
    await claimed(paid, paid.lineIds[0] ?? "");
    expect([await gained(), await spent(paid)]).toEqual([170, 280]);
    await clean();
  });

  test("because of the platform's promotion is paid by the platform", async () => {
    const goods = [await stage.an.offer(1_000, 5)];
    await boss.call(Promotion).launch(free(goods));
    const before = await ofSeller();
    const paid = await bought(goods);
    await delivered(paid);
    expect([(await ofSeller()) - before, await spent(paid)]).toEqual([900, 0]);
    expect(await carriageOf(paid)).toEqual({ buyer: 0, platform: 280, seller: 0, borne: 0 });
    await clean();
  });
});
