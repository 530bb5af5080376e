import { afterAll, beforeAll, expect, test } from "vitest";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Supply } from "@shopnexus/contracts/inventory/supply";
import { Cart } from "@shopnexus/contracts/order/cart";
import { basketOf, type Buyer, buyer, checkOut, type Seller, seller } from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";

let shop: TestShop;
let mai: Buyer;
let an: Seller;
let binh: Seller;
beforeAll(async () => {
  shop = await openShop();
  [mai, an, binh] = await Promise.all([buyer(shop), seller(shop), seller(shop)]);
});
afterAll(() => shop?.stop());

const wishOf = (goods: readonly { skuId: string }[], pieces = 1) => ({
  addressId: mai.addressId,
  currency: "USD",
  codes: [],
  lines: goods.map(({ skuId }) => ({ skuId, pieces })),
});
const usd = (minor: number) => ({ minor, currency: "USD" });

test("Cart/price: what a basket would cost is what it costs, and nothing is set aside for looking", async () => {
  const goods = [await an.offer(1_999, 10), await binh.offer(500, 10)];
  const priced = await mai.call(Cart).price(wishOf(goods, 2));
  expect(priced).toMatchObject({
    lines: goods.map(({ skuId, price }) => ({
      skuId,
      unitPrice: price,
      source: price,
      total: usd(price.minor * 2),
      stock: "there",
      available: 10,
    })),
    goods: usd(4_998),
    applied: [],
    rates: [],
  });
  expect(priced.groups.map(({ sellerId }) => sellerId)).toEqual(
    [an.accountId, binh.accountId].toSorted((a, b) => (a < b ? -1 : 1)),
  );
  for (const { options, chosen } of priced.groups) expect(chosen).toEqual(options[0]);
  for (const { skuId } of goods)
    expect(await mai.call(Stock).level({ skuId })).toMatchObject({ held: 0, available: 10 });
  const seen = { ...basketOf(mai, goods, 2), seenTotal: priced.total };
  expect(await checkOut(mai, seen)).toMatchObject({ total: priced.total });
});

test("Cart/price: what is short is said, and what a buyer may wait for too", async () => {
  const [short, waits] = [await an.offer(100, 1), await an.offer(100, 0)];
  await an.call(Supply).configure({
    skuId: waits.skuId,
    backorder: true,
    serials: false,
    reorderPoint: null,
    supplierEmail: null,
  });
  const { lines } = await mai.call(Cart).price(wishOf([short, waits], 2));
  expect(lines).toMatchObject([
    { stock: "short", available: 1 },
    { stock: "waits", available: 0 },
  ]);
});

test("Cart/price: what a checkout refuses for good is refused here too, with the same codes", async () => {
  const thing = await an.offer(100, 1);
  const ask = (wish: object) => mai.call(Cart).price({ ...wishOf([thing]), ...wish });
  const unknown = [{ skuId: `sku_${"0".repeat(32)}`, pieces: 1 }];
  await expect(ask({ lines: unknown })).rejects.toMatchObject({ code: "SKU_UNAVAILABLE" });
  await expect(ask({ addressId: `adr_${"0".repeat(32)}` })).rejects.toMatchObject({
    code: "ADDRESS_UNKNOWN",
  });
  await expect(ask({ codes: ["NO-SUCH-CODE"] })).rejects.toMatchObject({ code: "CODE_UNKNOWN" });
  const twice = [...wishOf([thing]).lines, ...wishOf([thing]).lines];
  await expect(ask({ lines: twice })).rejects.toMatchObject({ code: "LINE_TWICE" });
  const own = an.call(Cart).price(wishOf([thing]));
  await expect(own).rejects.toMatchObject({ code: "ADDRESS_UNKNOWN" });
});
