/** A purchase from cart to orders, as a marketplace client makes it. */
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
  shop = await openShop(undefined, { logLevel: "warn" });
  [mai, an, binh] = await Promise.all([buyer(shop), seller(shop), seller(shop)]);
});
afterAll(() => shop?.stop());

test("a purchase of three lines from two sellers ends as two orders, paid once, with the money in escrow", async () => {
  const goods = [await an.offer(1_999, 10), await an.offer(500, 10), await binh.offer(12_345, 10)];
  await mai.call(Cart).put({ lines: goods.map(({ skuId }) => ({ skuId, pieces: 2 })) });
  const opened = await checkOut(mai, basketOf(mai, goods, 2));
  expect(opened).toMatchObject({ state: "awaiting_payment", total: { minor: 29_688, currency: "USD" } });
  expect((await payInBrowser(shop.sandbox.url, opened)).status).toBe(200);
  const view = await mai.call(Checkout, opened.checkoutId).look({});
  expect(view.state).toBe("placed");
  expect(view.orderIds).toHaveLength(2);
  const orders = await mai.call(Order).list({});
  expect(orders.items.map(({ total }) => total.minor).toSorted((a, b) => a - b)).toEqual([4_998, 24_690]);
  expect(await mai.call(Cart).read({})).toEqual({ lines: [] });
  const { entries } = await (await insider(shop)).call(Wallet).entries({ reference: opened.checkoutId });
  expect(entries).toHaveLength(1);
  expect(entries[0]?.lines.reduce((total, { minor }) => total + minor, 0)).toBe(0);
  for (const { skuId } of goods) {
    expect(await mai.call(Stock).level({ skuId })).toMatchObject({
      onHand: 10,
      held: 0,
      sold: 2,
      available: 8,
    });
  }
  const { entries: told } = await mai.call(Order).timeline({ checkoutId: opened.checkoutId });
  expect(told.map(({ what }) => what)).toEqual([
    "checkout_opened",
    "payment_received",
    "payment_settled",
    "orders_placed",
  ]);
});
