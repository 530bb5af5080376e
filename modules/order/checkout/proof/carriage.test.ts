import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { Cart } from "@shopnexus/contracts/order/cart";
import {
  ADDRESS,
  type Buyer,
  buyer,
  checkOut,
  type Goods,
  payInBrowser,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";
import { basketIn, offerAt, usd, viewOf } from "./stage.ts";

let shop: TestShop;
let mai: Buyer;
let an: Seller;
let binh: Seller;
beforeAll(async () => {
  shop = await openShop();
  [mai, an, binh] = await Promise.all([buyer(shop), seller(shop), seller(shop)]);
  await an.call(AddressBook).add(ADDRESS);
});
afterAll(() => shop?.stop());
beforeEach(() => shop.sandbox.carrier.setTariff({ baseMinor: 500, perKgMinor: 100 }));

const priced = (goods: readonly Goods[]) =>
  mai.call(Cart).price({
    addressId: mai.addressId,
    currency: "USD",
    codes: [],
    lines: goods.map(({ skuId }) => ({ skuId, pieces: 1 })),
  });

test("parcels are paid for: one a seller, the cheapest way, shared by its lines, and in the order's total", async () => {
  const goods = [
    await offerAt(an, usd(1_000), 3),
    await offerAt(an, usd(2_000), 3),
    await offerAt(binh, usd(3_000), 3),
  ];
  const shown = await priced(goods);
  const view = await checkOut(mai, basketIn(mai, goods, { seenTotal: shown.total }));
  expect(view.groups).toHaveLength(2);
  for (const { options, chosen, sellerId } of shown.groups) {
    expect(chosen).toEqual(options[0]);
    expect(Math.min(...options.map(({ price }) => price.minor))).toBe(chosen?.price.minor);
    const group = view.groups.find((one) => one.sellerId === sellerId);
    expect(group).toMatchObject({
      carrier: chosen?.carrier,
      service: chosen?.service,
      shipping: chosen?.price,
    });
    const own = view.lines.filter((line) => line.sellerId === sellerId);
    expect(own.reduce((sum, { shipping }) => sum + shipping.minor, 0)).toBe(group?.shipping.minor);
    expect(group?.shipping.minor).toBeGreaterThan(0);
  }
  expect(view.total).toEqual(usd(6_000 + shown.shipping.minor));
  await payInBrowser(shop.sandbox.url, view);
  await expect.poll(() => viewOf(mai, view), { timeout: 10_000 }).toMatchObject({ state: "placed" });
  const orders = await shop.sql<
    { total: number; shipping: number; escrow: number; from: unknown; seller: string }[]
  >`
    select o.total_minor::int as total, o.shipping_minor::int as shipping, o.from_address as from, o.seller_id as seller,
      (select sum(minor)::int from account.entry_line where account = 'escrow:' || o.order_id) as escrow
    from "order"."order" o where o.checkout_id = ${view.checkoutId}`;
  for (const { total, shipping, escrow, seller: who } of orders) {
    expect(escrow).toBe(total);
    expect(shipping).toBe(view.groups.find(({ sellerId }) => sellerId === who)?.shipping.minor);
  }
  expect(orders.find(({ seller: who }) => who === an.accountId)?.from).toMatchObject({ city: ADDRESS.city });
  expect(orders.find(({ seller: who }) => who === binh.accountId)?.from).toBeNull();
});

test("another way than the cheapest is taken where it was chosen; one that nobody offers is refused (SHIPPING_UNAVAILABLE)", async () => {
  const goods = [await offerAt(an, usd(1_000), 3)];
  const [group] = (await priced(goods)).groups;
  const dearest = group?.options.at(-1);
  expect(group?.options.length).toBeGreaterThan(1);
  const wish = {
    sellerId: an.accountId,
    carrier: dearest?.carrier ?? "",
    service: dearest?.service ?? "",
    seen: dearest?.price ?? usd(0),
  };
  const view = await checkOut(mai, basketIn(mai, goods, { shipping: [wish] }));
  expect(view.groups).toMatchObject([{ carrier: wish.carrier, service: wish.service, shipping: wish.seen }]);
  const strange = basketIn(mai, goods, { shipping: [{ ...wish, service: "by-balloon" }] });
  await expect(checkOut(mai, strange)).rejects.toMatchObject({
    code: "SHIPPING_UNAVAILABLE",
    data: { sellerIds: [an.accountId] },
  });
});

test("a parcel that costs something else by now is refused (PRICE_CHANGED) with both prices", async () => {
  const goods = [await offerAt(an, usd(1_000), 3)];
  const chosen = (await priced(goods)).groups[0]?.chosen;
  shop.sandbox.carrier.setTariff({ baseMinor: 900 });
  const seen = chosen?.price ?? usd(0);
  const wish = {
    sellerId: an.accountId,
    carrier: chosen?.carrier ?? "",
    service: chosen?.service ?? "",
    seen,
  };
  const error = await checkOut(mai, basketIn(mai, goods, { shipping: [wish] })).catch(
    (refused: unknown) => refused,
  );
  expect(error).toMatchObject({
    code: "PRICE_CHANGED",
    data: { lines: [], shipping: [{ sellerId: an.accountId, seen }] },
  });
});
