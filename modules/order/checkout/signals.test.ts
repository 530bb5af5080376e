import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Checkout, type CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { restateSql } from "#app/restate-sql.ts";
import {
  basketOf,
  type Buyer,
  buyer,
  checkOut,
  payInBrowser,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";

let shop: TestShop;
let mai: Buyer;
let an: Seller;
beforeAll(async () => {
  shop = await openShop();
  [mai, an] = await Promise.all([buyer(shop), seller(shop)]);
});
afterAll(() => shop?.stop());
afterEach(() => shop.sandbox.faults.clear());

const CROWD = Array.from({ length: 20 });
const deaf = () => shop.sandbox.faults.set({ webhooks: { loseRate: 1 } });
const opened = async (): Promise<CheckoutView> => checkOut(mai, basketOf(mai, [await an.offer(1_500, 5)]));
const viewOf = ({ checkoutId }: CheckoutView) => mai.call(Order).viewCheckout({ checkoutId });
const reaches = (view: CheckoutView, state: string) =>
  expect.poll(() => viewOf(view), { timeout: 10_000 }).toMatchObject({ state });
const told = async ({ checkoutId }: CheckoutView) =>
  (await mai.call(Order).timeline({ checkoutId })).entries.map(({ what }) => what);

/** What failed, finally or for the time being, of all that was asked of one checkout, its run left out. */
const failures = async ({ checkoutId }: CheckoutView): Promise<unknown[]> => {
  const query = `select target, completion_failure, last_failure from sys_invocation
    where target like 'Checkout/${checkoutId}/%' and target not like '%/run'
    and (completion_failure is not null or last_failure is not null)`;
  return restateSql(shop.adminUrl, query);
};

test("Checkout/look: twenty at once after the payment all find the same orders placed", async () => {
  deaf();
  const view = await opened();
  await payInBrowser(shop.sandbox.url, view);
  const seen = await Promise.all(CROWD.map(() => mai.call(Checkout, view.checkoutId).look({})));
  expect(new Set(seen.map(({ state }) => state))).toEqual(new Set(["placed"]));
  expect(new Set(seen.map(({ orderIds }) => orderIds.join())).size).toBe(1);
  expect(await failures(view)).toEqual([]);
});

test("Checkout/look: before the payment it tells how the checkout stands, and calls nothing off", async () => {
  const view = await opened();
  for (let times = 0; times < 2; times++) {
    const seen = await mai.call(Checkout, view.checkoutId).look({});
    expect(seen).toMatchObject({ state: "awaiting_payment", payment: { state: "open" } });
  }
});

test("Checkout/paid: twenty copies of the gateway's event at once place the orders once, and none of them fails", async () => {
  const view = await opened();
  shop.sandbox.faults.set({ webhooks: { duplicate: 19 } });
  await payInBrowser(shop.sandbox.url, view);
  await reaches(view, "placed");
  expect((await viewOf(view)).orderIds).toHaveLength(1);
  expect(await told(view)).toEqual([
    "checkout_opened",
    "payment_received",
    "payment_settled",
    "orders_placed",
  ]);
  expect(await failures(view)).toEqual([]);
});

test("Checkout/cancel: twenty at once call the checkout off once (CHECKOUT_CANCELLED), and none of them fails", async () => {
  const view = await opened();
  const cancels = CROWD.map(() => mai.call(Checkout, view.checkoutId).cancel({}));
  expect(await Promise.all(cancels)).toEqual(CROWD.map(() => ({})));
  await reaches(view, "abandoned");
  await expect
    .poll(() => viewOf(view))
    .toMatchObject({ refused: { code: "CHECKOUT_CANCELLED" }, payment: { state: "voided" }, orderIds: [] });
  expect(await told(view)).toEqual(["checkout_opened", "payment_called_off", "checkout_closed"]);
  expect(await failures(view)).toEqual([]);
});

test("Checkout/cancel: a payment that came first wins, also when nobody has heard of it yet", async () => {
  deaf();
  const view = await opened();
  await payInBrowser(shop.sandbox.url, view);
  await mai.call(Checkout, view.checkoutId).cancel({});
  await reaches(view, "placed");
  await mai.call(Checkout, view.checkoutId).cancel({});
  expect(await viewOf(view)).toMatchObject({ state: "placed", refused: null });
});

test("Checkout/status, look, cancel: somebody else's checkout is unknown (CHECKOUT_UNKNOWN), and stays as it is", async () => {
  const view = await opened();
  const linh = await buyer(shop);
  const unknown = { code: "CHECKOUT_UNKNOWN", status: 404 };
  for (const checkoutId of [view.checkoutId, `chk_${"0".repeat(32)}`, "anything"]) {
    const theirs = linh.call(Checkout, checkoutId);
    await expect(theirs.status({})).rejects.toMatchObject(unknown);
    await expect(theirs.look({})).rejects.toMatchObject(unknown);
    await expect(theirs.cancel({})).rejects.toMatchObject(unknown);
  }
  expect(await mai.call(Checkout, view.checkoutId).status({})).toMatchObject({ state: "awaiting_payment" });
});
