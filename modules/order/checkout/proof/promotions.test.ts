import { afterAll, beforeAll, expect, test } from "vitest";
import { newAttemptId } from "@shopnexus/contracts/client";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Checkout, type CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Coupon } from "@shopnexus/contracts/promotion/coupon";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import type { Terms } from "@shopnexus/contracts/promotion/terms";
import {
  basketOf,
  buyer,
  type Buyer,
  checkOut,
  operator,
  payInBrowser,
  type Person,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";

let shop: TestShop;
let an: Seller;
let binh: Seller;
let boss: Person;
let crowd: Buyer[];
beforeAll(async () => {
  shop = await openShop();
  shop.sandbox.carrier.setTariff({ baseMinor: 400, perKgMinor: 150 });
  [an, binh, boss, ...crowd] = await Promise.all([
    seller(shop),
    seller(shop),
    operator(shop),
    ...Array.from({ length: 2 }, () => buyer(shop)),
  ]);
});
afterAll(() => shop?.stop());

const usd = (minor: number) => ({ minor, currency: "USD" });
const launched = async (rest: Partial<Terms>) => {
  const code = `P${newAttemptId().toUpperCase().slice(0, 18)}`;
  const now = Date.now();
  const { promotionId } = await boss.call(Promotion).launch({
    name: "Ten percent",
    ...(rest.byCoupon ? {} : { code }),
    discount: { kind: "percent", basisPoints: 1_000 },
    budget: usd(1_000_000),
    startsAt: instant(now - DAY_MS),
    endsAt: instant(now + DAY_MS),
    ...rest,
  });
  return { promotionId, code };
};
const promotionOf = (promotionId: string) => boss.call(Promotion).read({ promotionId });
const priced = (mai: Buyer, skuIds: readonly string[], codes: string[]) =>
  mai.call(Cart).price({
    addressId: mai.addressId,
    currency: "USD",
    codes,
    lines: skuIds.map((skuId) => ({ skuId, pieces: 1 })),
  });
const pay = async (mai: Buyer, view: CheckoutView) => {
  await payInBrowser(shop.sandbox.url, view);
  return mai.call(Checkout, view.checkoutId).look({});
};

test("Order/checkout: one use an account is ACCOUNT_USES_SPENT the second time, and a used coupon COUPON_SPENT", async () => {
  const [mai, lan] = crowd as [Buyer, Buyer];
  const thing = await an.offer(1_000, 20);
  const once = await launched({ accountUses: 1, level: "line" });
  const buy = (who: Buyer, code: string) => checkOut(who, { ...basketOf(who, [thing]), codes: [code] });
  await buy(mai, once.code);
  await expect(buy(mai, once.code)).rejects.toMatchObject({ code: "ACCOUNT_USES_SPENT" });
  await buy(lan, once.code);
  const { promotionId } = await launched({ byCoupon: true });
  const batch = { promotionId, batch: "one" };
  await boss.call(Coupon).mint({ ...batch, prefix: "ONE", count: 1 });
  const [coupon] = (await boss.call(Coupon).list(batch)).items;
  await buy(mai, coupon?.code ?? "");
  await expect(buy(lan, coupon?.code ?? "")).rejects.toMatchObject({ code: "COUPON_SPENT" });
});

test("Order/checkout: cheaper parcels cost what was shown, are shared over their lines, and are paid for", async () => {
  const [mai] = crowd as [Buyer];
  const goods = [await an.offer(1_000, 5), await an.offer(1_000, 5), await binh.offer(1_000, 5)];
  const skuIds = goods.map(({ skuId }) => skuId);
  const full = await priced(mai, skuIds, []);
  const carriage = full.groups.map(({ chosen }) => chosen?.price.minor ?? 0);
  expect(carriage.every((minor) => minor > 0)).toBe(true);
  const free = { gives: "shipping" as const, discount: { kind: "percent" as const, basisPoints: 10_000 } };
  const { promotionId, code } = await launched({
    ...free,
    minimum: usd(2_000),
    level: "seller",
    targets: [{ kind: "seller", sellerId: an.accountId }],
  });
  const seen = await priced(mai, skuIds, [code]);
  const ofAn = full.groups.find(({ sellerId }) => sellerId === an.accountId)?.chosen?.price.minor ?? 0;
  expect(seen.total).toEqual(usd(full.total.minor - ofAn));
  expect(seen.lines.map(({ shipping }) => shipping.minor > 0)).toEqual([false, false, true]);
  const shipping = seen.groups.flatMap(({ sellerId, chosen }) =>
    chosen === null
      ? []
      : [{ sellerId, carrier: chosen.carrier, service: chosen.service, seen: chosen.price }],
  );
  const view = await checkOut(mai, {
    ...basketOf(mai, goods),
    codes: [code],
    shipping,
    seenTotal: seen.total,
  });
  expect(view.total).toEqual(seen.total);
  expect(await pay(mai, view)).toMatchObject({ state: "placed" });
  expect((await promotionOf(promotionId)).redeemed).toEqual(usd(ofAn));
});

test("Order/checkout: what the platform pays of a line's discount is written down with the line", async () => {
  const [mai] = crowd as [Buyer];
  const thing = await an.offer(1_000, 5);
  const [ours, theirs] = [await launched({}), await launched({ paidBy: "seller" })];
  const view = await checkOut(mai, { ...basketOf(mai, [thing]), codes: [ours.code, theirs.code] });
  const [row] = await shop.sql`
    select discount_minor::int as discount, platform_discount_minor::int as platform
    from "order".checkout_line where checkout_id = ${view.checkoutId}`;
  const first = ours.promotionId < theirs.promotionId ? 100 : 90;
  expect(row).toEqual({ discount: 190, platform: first });
});

test("Order/checkout: who pays what of a cheaper parcel is written down with its lines", async () => {
  const [mai] = crowd as [Buyer];
  const goods = [await an.offer(1_000, 5), await an.offer(2_000, 5)];
  const skuIds = goods.map(({ skuId }) => skuId);
  const full = (await priced(mai, skuIds, [])).shipping.minor;
  const half = { gives: "shipping" as const, discount: { kind: "percent" as const, basisPoints: 5_000 } };
  const ours = await launched({ ...half, priority: 1 });
  const theirs = await launched({ ...half, paidBy: "seller", priority: 2 });
  const view = await checkOut(mai, { ...basketOf(mai, goods), codes: [ours.code, theirs.code] });
  const rows = await shop.sql`
    select shipping_minor::int as paid, platform_carriage_minor::int as ours, seller_carriage_minor::int as theirs
    from "order".checkout_line where checkout_id = ${view.checkoutId} order by position`;
  const sumOf = (name: string) => rows.reduce((sum, row) => sum + Number(row[name]), 0);
  const first = Math.round(full / 2);
  const second = Math.round((full - first) / 2);
  expect([sumOf("ours"), sumOf("theirs"), sumOf("paid")]).toEqual([first, second, full - first - second]);
  expect(rows.every((row) => Number(row["theirs"]) > 0)).toBe(true);
});

test("Cart/price: a code that loses says why, and is not held", async () => {
  const [mai] = crowd as [Buyer];
  const thing = await an.offer(1_000, 5);
  const { promotionId, code } = await launched({ minimum: usd(5_000) });
  const { lost, applied } = await priced(mai, [thing.skuId], [code]);
  expect([applied, lost]).toEqual([[], [{ promotionId, name: "Ten percent", reason: "below_minimum" }]]);
  await checkOut(mai, { ...basketOf(mai, [thing]), codes: [code] });
  expect(await promotionOf(promotionId)).toMatchObject({ used: 0, held: usd(0) });
});
