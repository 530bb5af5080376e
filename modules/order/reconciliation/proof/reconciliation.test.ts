import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { newAttemptId } from "@shopnexus/contracts/client";
import type { CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { Reconciliation } from "@shopnexus/contracts/order/reconciliation";
import {
  basketOf,
  type Buyer,
  buyer,
  checkOut,
  type Goods,
  operator,
  payInBrowser,
  type Person,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { gatewayClient, keptFor } from "#tools/testkit/gateway.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";

let shop: TestShop;
let mai: Buyer;
let an: Seller;
let boss: Person;
beforeAll(async () => {
  shop = await openShop();
  [mai, an, boss] = await Promise.all([buyer(shop), seller(shop), operator(shop)]);
});
afterAll(() => shop?.stop());
afterEach(() => shop.sandbox.faults.clear());

const deaf = () => shop.sandbox.faults.set({ webhooks: { loseRate: 1 } });
const opened = async (): Promise<{ thing: Goods; view: CheckoutView }> => {
  const thing = await an.offer(1_500, 5);
  return { thing, view: await checkOut(mai, basketOf(mai, [thing])) };
};
const stateOf = async ({ checkoutId }: CheckoutView) =>
  (await mai.call(Order).viewCheckout({ checkoutId })).state;
const isPlaced = (view: CheckoutView) => expect.poll(() => stateOf(view), { timeout: 10_000 }).toBe("placed");
const refOf = ({ payment }: CheckoutView) => payment?.clientSecret?.split("_secret_")[0] ?? "";
const compared = async () => {
  const { gateways } = await boss.call(Reconciliation).now({});
  return gateways.find(({ gateway }) => gateway === "stripe");
};
const findingsOf = async (ref: string) =>
  (await boss.call(Reconciliation).findings({ limit: 100 })).items.filter(
    ({ gatewayRef }) => gatewayRef === ref,
  );

test("a payment whose events were all lost becomes orders, and comparing again finds nothing to do", async () => {
  deaf();
  const { thing, view } = await opened();
  await payInBrowser(shop.sandbox.url, view);
  expect(await stateOf(view)).toBe("awaiting_payment");
  expect(await compared()).toMatchObject({ isBusy: false, repairCount: 1 });
  await isPlaced(view);
  expect(await compared()).toMatchObject({ repairCount: 0 });
  expect(await mai.call(Stock).level({ skuId: thing.skuId })).toMatchObject({ sold: 1, held: 0 });
});

test("money on a charge that was called off, though its event was lost, goes back once", async () => {
  deaf();
  const { view } = await opened();
  await payInBrowser(shop.sandbox.url, view);
  await shop.sql`update "order".charge set state = 'voided' where checkout_id = ${view.checkoutId}`;
  expect(await compared()).toMatchObject({ repairCount: 1 });
  await expect.poll(() => keptFor(shop, view.checkoutId)).toEqual({ intents: 1, kept: 0 });
  expect(await compared()).toMatchObject({ repairCount: 0 });
  expect((await gatewayClient(shop).refunds.list({ payment_intent: refOf(view) })).data).toHaveLength(1);
});

test("what is nobody's is told to operators, once, for as long as it is there", async () => {
  const stripe = gatewayClient(shop);
  const stranger = await stripe.paymentIntents.create({
    amount: 900,
    currency: "usd",
    automatic_payment_methods: { enabled: true },
    confirm: true,
    payment_method: "pm_card_visa",
    return_url: "https://shop.example",
  });
  const { view } = await opened();
  await payInBrowser(shop.sandbox.url, view);
  await isPlaced(view);
  const byHand = await stripe.refunds.create({ payment_intent: refOf(view), amount: 100 });
  for (let times = 0; times < 2; times++) await compared();
  expect(await findingsOf(stranger.id)).toMatchObject([
    { kind: "stranger", amount: { minor: 900, currency: "USD" }, chargeId: null, endedAt: null },
  ]);
  expect(await findingsOf(byHand.id)).toMatchObject([
    { kind: "refund_stranger", amount: { minor: 100 }, chargeId: view.payment?.chargeId, endedAt: null },
  ]);
});

test("a charge that we settled and the gateway was never paid is found, and so is money that never went back; put right, they end", async () => {
  const { view } = await opened();
  await payInBrowser(shop.sandbox.url, view);
  await isPlaced(view);
  const [order] = await shop.sql<{ id: string }[]>`
    select order_id as id from "order"."order" where checkout_id = ${view.checkoutId}`;
  const key = `never/${view.checkoutId}`;
  await shop.sql`insert into "order".give_back (key, checkout_id, order_id, gateway_minor, wallet_minor, state, paid_at)
    values (${key}, ${view.checkoutId}, ${order?.id ?? ""}, 10, 0, 'paid', now())`;
  await shop.sql`update "order".charge set gateway_ref = ${`pi_gone_${view.checkoutId}`} where checkout_id = ${view.checkoutId}`;
  await compared();
  expect(await findingsOf(`pi_gone_${view.checkoutId}`)).toMatchObject([
    { kind: "charge_missing", endedAt: null },
  ]);
  expect(await findingsOf(key)).toMatchObject([{ kind: "refund_missing", endedAt: null }]);
  await shop.sql`update "order".charge set gateway_ref = ${refOf(view)} where checkout_id = ${view.checkoutId}`;
  await shop.sql`delete from "order".give_back where key = ${key}`;
  await compared();
  for (const ref of [`pi_gone_${view.checkoutId}`, key])
    expect(await findingsOf(ref)).toMatchObject([{ endedAt: expect.any(String) }]);
});

test("money back that was given and not marked is marked", async () => {
  const { view } = await opened();
  await payInBrowser(shop.sandbox.url, view);
  await isPlaced(view);
  const key = `cut/${newAttemptId()}`;
  await gatewayClient(shop).refunds.create({
    payment_intent: refOf(view),
    amount: 100,
    metadata: { key },
  });
  const [order] = await shop.sql<{ id: string }[]>`
    select order_id as id from "order"."order" where checkout_id = ${view.checkoutId}`;
  await shop.sql`insert into "order".give_back (key, checkout_id, order_id, gateway_minor, wallet_minor)
    values (${key}, ${view.checkoutId}, ${order?.id ?? ""}, 100, 0)`;
  expect((await compared())?.repairCount).toBeGreaterThan(0);
  const [row] = await shop.sql`select state from "order".give_back where key = ${key}`;
  expect(row).toEqual({ state: "paid" });
});

test("two comparisons at once: one is busy or both are right, and findings stand once", async () => {
  const both = await Promise.all([compared(), compared(), compared()]);
  expect(both.filter((one) => one?.isBusy === false).length).toBeGreaterThan(0);
  const { items } = await boss.call(Reconciliation).findings({ limit: 100 });
  expect(new Set(items.map(({ findingKey }) => findingKey)).size).toBe(items.length);
});

test("nobody but operators compares or reads what was found", async () => {
  await expect(mai.call(Reconciliation).now({})).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(an.call(Reconciliation).findings({})).rejects.toMatchObject({ code: "FORBIDDEN" });
});
