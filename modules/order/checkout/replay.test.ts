import { afterAll, beforeAll, expect, test } from "vitest";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import {
  basketOf,
  type Buyer,
  buyer,
  checkOut,
  insider,
  payInBrowser,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";

let shop: TestShop;
let mai: Buyer;
let an: Seller;
let binh: Seller;
beforeAll(async () => {
  // Restate gives up waiting at once: every await of a handler ends its attempt, and the next one replays its journal.
  const restateEnv = { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" };
  shop = await openShop(undefined, { restateEnv });
  [mai, an, binh] = await Promise.all([buyer(shop), seller(shop), seller(shop)]);
});
afterAll(() => shop?.stop());

const stateOf = async (checkoutId: string) => (await mai.call(Order).viewCheckout({ checkoutId })).state;

test("Checkout/run: replayed before every step, a purchase ends in the same orders, entries and stock", async () => {
  const goods = [await an.offer(1_000, 5), await binh.offer(2_000, 5)];
  await mai.call(Cart).put({ lines: goods.map(({ skuId }) => ({ skuId, pieces: 2 })) });
  const view = await checkOut(mai, basketOf(mai, goods, 2));
  await payInBrowser(shop.sandbox.url, view);
  const seen = await mai.call(Checkout, view.checkoutId).look({});
  await expect.poll(() => stateOf(view.checkoutId), { timeout: 10_000 }).toBe("placed");
  expect(seen.checkoutId).toBe(view.checkoutId);
  const { items } = await mai.call(Order).list({});
  expect(items.map(({ total }) => total.minor).toSorted((a, b) => a - b)).toEqual([2_000, 4_000]);
  const books = (await insider(shop)).call(Wallet);
  await expect
    .poll(async () => (await books.entries({ reference: view.checkoutId })).entries.map(({ kind }) => kind))
    .toEqual(["capture"]);
  await expect.poll(async () => (await mai.call(Cart).read({})).lines).toEqual([]);
  for (const { skuId } of goods)
    expect(await mai.call(Stock).level({ skuId })).toMatchObject({ held: 0, sold: 2, available: 3 });
});

test("Checkout/run: replayed before every undo, a checkout that is called off leaves nothing", async () => {
  const thing = await an.offer(1_000, 5);
  const view = await checkOut(mai, basketOf(mai, [thing]));
  await mai.call(Checkout, view.checkoutId).cancel({});
  await expect.poll(() => stateOf(view.checkoutId), { timeout: 10_000 }).toBe("abandoned");
  await expect
    .poll(() => mai.call(Stock).level({ skuId: thing.skuId }))
    .toMatchObject({ held: 0, sold: 0, available: 5 });
  expect(await mai.call(Order).viewCheckout({ checkoutId: view.checkoutId })).toMatchObject({ orderIds: [] });
});
