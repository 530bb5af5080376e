import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Mail } from "@shopnexus/contracts/common/mail";
import { Exchange } from "@shopnexus/contracts/common/exchange";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Supply } from "@shopnexus/contracts/inventory/supply";
import { convert } from "@shopnexus/contracts/kit/money";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Checkout, type CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import {
  type Buyer,
  buyer,
  checkOut,
  operator,
  payInBrowser,
  type Person,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";
import { balanceOf, basketIn, dong, entriesOf, fund, offerAt, tenderOf, usd, viewOf } from "./stage.ts";

let shop: TestShop;
let mai: Buyer;
let an: Seller;
let binh: Seller;
let boss: Person;
beforeAll(async () => {
  shop = await openShop();
  [mai, an, binh, boss] = await Promise.all([buyer(shop), seller(shop), seller(shop), operator(shop)]);
});
afterAll(() => shop?.stop());

const placed = (view: CheckoutView) =>
  expect.poll(() => viewOf(mai, view), { timeout: 10_000 }).toMatchObject({ state: "placed" });
const bought = async (view: CheckoutView): Promise<CheckoutView> => {
  await payInBrowser(shop.sandbox.url, view);
  await placed(view);
  return viewOf(mai, view);
};
const refused = (code: string, data: unknown = expect.anything()) => expect.objectContaining({ code, data });

test("part from the wallet: it is set aside first, the rest is charged, and both are in the tender and in escrow", async () => {
  await fund(shop, mai.accountId, usd(700));
  const thing = await offerAt(an, usd(2_500), 3);
  const view = await checkOut(mai, basketIn(mai, [thing], { wallet: usd(700) }));
  expect(view).toMatchObject({ total: usd(2_500), wallet: usd(700), payment: { amount: usd(1_800) } });
  expect(await balanceOf(shop, `held:${mai.accountId}`, "USD")).toBe(700);
  await bought(view);
  expect(await tenderOf(shop, view)).toMatchObject({
    account_id: mai.accountId,
    gateway: "stripe",
    gateway_minor: 1_800,
    wallet_minor: 700,
  });
  await expect.poll(async () => (await entriesOf(shop, view.checkoutId)).length).toBe(2);
  const sums = new Map<string, number>();
  for (const { account, minor } of (await entriesOf(shop, view.checkoutId)).flatMap(({ lines }) => lines))
    sums.set(account, (sums.get(account) ?? 0) + minor);
  expect(Object.fromEntries(sums)).toEqual({
    [`wallet:${mai.accountId}`]: -700,
    [`held:${mai.accountId}`]: 0,
    "gateway:stripe": -1_800,
    [`escrow:${(await viewOf(mai, view)).orderIds[0]}`]: 2_500,
  });
});

test("all from the wallet: nothing is asked of any gateway, and the order is placed at once", async () => {
  await fund(shop, mai.accountId, usd(900));
  const thing = await offerAt(an, usd(900), 3);
  const view = await checkOut(mai, basketIn(mai, [thing], { gateway: "wallet" }));
  expect(view.payment).toMatchObject({ gateway: "wallet", amount: usd(0) });
  await placed(view);
  expect(await tenderOf(shop, view)).toMatchObject({
    charge_id: null,
    gateway: null,
    gateway_minor: 0,
    wallet_minor: 900,
  });
});

test("a wallet that holds less is refused (FUNDS_SHORT), and nothing stays set aside", async () => {
  const linh = await buyer(shop);
  await fund(shop, linh.accountId, usd(10));
  const thing = await offerAt(an, usd(900), 3);
  await expect(checkOut(linh, basketIn(linh, [thing], { gateway: "wallet" }))).rejects.toMatchObject({
    code: "FUNDS_SHORT",
  });
  expect(await balanceOf(shop, `wallet:${linh.accountId}`, "USD")).toBe(10);
  expect(await linh.call(Stock).level({ skuId: thing.skuId })).toMatchObject({ held: 0, available: 3 });
});

test("a checkout that is called off gives the wallet's part back", async () => {
  const linh = await buyer(shop);
  await fund(shop, linh.accountId, usd(400));
  const thing = await offerAt(an, usd(900), 3);
  const view = await checkOut(linh, basketIn(linh, [thing], { wallet: usd(400) }));
  await linh.call(Checkout, view.checkoutId).cancel({});
  await expect.poll(() => balanceOf(shop, `wallet:${linh.accountId}`, "USD")).toBe(400);
  expect(await balanceOf(shop, `held:${linh.accountId}`, "USD")).toBe(0);
});

test("two currencies: prices are converted by the frozen rate, and the seller's own price stays on the line", async () => {
  const rateOf = async () =>
    (await mai.call(Exchange).rates({ base: "USD" })).rates.find(({ currency }) => currency === "VND")?.rate;
  await expect.poll(() => rateOf().catch(() => undefined), { timeout: 10_000 }).toBeDefined();
  const rate = (await rateOf()) ?? "";
  const [foreign, own] = [await offerAt(an, dong(250_000), 3), await offerAt(binh, usd(1_000), 3)];
  const view = await checkOut(mai, basketIn(mai, [foreign, own], { currency: "USD" }));
  const unit = convert(dong(250_000), rate, "USD");
  expect(view.lines).toMatchObject([
    { unitPrice: unit, source: dong(250_000), total: unit },
    { unitPrice: usd(1_000), source: usd(1_000) },
  ]);
  expect(view.total).toEqual(usd(unit.minor + 1_000));
  await bought(view);
  const rows = await shop.sql<{ currency: string; rate: string; seller: string }[]>`
    select seller_currency as currency, seller_rate as rate, seller_id as seller from "order"."order"
    where checkout_id = ${view.checkoutId}`;
  const ofAn = rows.find(({ seller: who }) => who === an.accountId);
  expect(ofAn?.currency).toBe("VND");
  expect(Math.abs(Number(ofAn?.rate) * Number(rate) - 1)).toBeLessThan(1e-6);
  expect(rows.find(({ seller: who }) => who === binh.accountId)).toMatchObject({
    currency: "USD",
    rate: "1",
  });
});

test("a currency without a rate is refused (RATE_UNAVAILABLE)", async () => {
  const strange = await offerAt(an, { minor: 100, currency: "XTS" }, 3);
  const asked = checkOut(mai, basketIn(mai, [strange], { currency: "USD" }));
  await expect(asked).rejects.toMatchObject({ code: "RATE_UNAVAILABLE" });
});

test("another total than the one seen is refused (PRICE_CHANGED) with both, and nothing is held", async () => {
  const thing = await offerAt(an, usd(900), 3);
  const asked = checkOut(mai, basketIn(mai, [thing], { seenTotal: usd(899) }));
  await expect(asked).rejects.toEqual(
    refused("PRICE_CHANGED", { lines: [], total: { seen: usd(899), now: usd(900) } }),
  );
  expect(await mai.call(Stock).level({ skuId: thing.skuId })).toMatchObject({ held: 0 });
});

test("notes go with their lines to the order, and what is bought now leaves the cart alone", async () => {
  const thing = await offerAt(an, usd(900), 5);
  const { skuId } = thing;
  await mai.call(Cart).put({ lines: [{ skuId, pieces: 2 }] });
  const lines = [{ skuId, pieces: 1, seen: usd(900), note: "As a present, please." }];
  const now = await bought(await checkOut(mai, basketIn(mai, [thing], { lines, buyNow: true })));
  expect(now.lines).toMatchObject([{ note: "As a present, please.", state: "paid" }]);
  expect((await mai.call(Cart).read({})).lines).toEqual([{ skuId, pieces: 2 }]);
  await bought(await checkOut(mai, basketIn(mai, [thing])));
  await expect.poll(async () => (await mai.call(Cart).read({})).lines).toEqual([]);
});

test("stock for a part: what may be backordered waits, the rest goes on; who takes all or nothing is refused (OUT_OF_STOCK)", async () => {
  const [there, gone] = [await offerAt(an, usd(500), 5), await offerAt(an, usd(900), 0)];
  await an.call(Supply).configure({
    skuId: gone.skuId,
    backorder: true,
    serials: false,
    reorderPoint: null,
    supplierEmail: null,
  });
  const basket = basketIn(mai, [there, gone]);
  await expect(checkOut(mai, basket)).rejects.toMatchObject({ code: "OUT_OF_STOCK" });
  const view = await bought(await checkOut(mai, { ...basket, stock: "partial" }));
  expect(view.total).toEqual(usd(1_400));
  expect(view.lines).toMatchObject([
    { state: "paid", isBackordered: false },
    { state: "backordered", isBackordered: true },
  ]);
  expect(await mai.call(Stock).level({ skuId: gone.skuId })).toMatchObject({ held: 0, sold: 0 });
  await an.call(Stock).receive({ receiptId: randomUUID(), skuId: gone.skuId, pieces: 2 });
  await expect
    .poll(() => mai.call(Stock).level({ skuId: gone.skuId }), { timeout: 10_000 })
    .toMatchObject({ sold: 1, available: 1 });
});

test("buyer and seller are written to, once each, though the run is repeated", async () => {
  const thing = await offerAt(an, usd(500), 5);
  const view = await bought(await checkOut(mai, basketIn(mai, [thing])));
  const [orderId = ""] = view.orderIds;
  await expect
    .poll(async () => {
      const { items } = await boss.call(Mail).find({ keyPrefix: orderId });
      return new Set(items.map(({ template, recipient, state }) => `${template} ${recipient} ${state}`));
    })
    .toEqual(new Set([`order_placed ${mai.email} sent`, `sale_received ${an.email} sent`]));
  expect((await boss.call(Mail).find({ keyPrefix: orderId })).items).toHaveLength(2);
  expect(await mai.call(Order).read({ orderId })).toMatchObject({ total: usd(500) });
});

test("the books balance after all of it", async () => {
  expect(await boss.call(Wallet).audit({})).toEqual({ unbalanced: [], drifted: [], negative: [] });
});
