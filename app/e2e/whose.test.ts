/** What is somebody's stays theirs: others cannot read it, move it, or learn that it exists. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { Listing } from "@shopnexus/contracts/catalog/listing";
import { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Supplier } from "@shopnexus/contracts/inventory/supplier";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Checkout, type CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { type Knock, knock } from "#tools/testkit/knock.ts";
import {
  ADDRESS,
  basketOf,
  type Buyer,
  buyer,
  checkOut,
  type Goods,
  type Person,
  payInBrowser,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";

let shop: TestShop;
let mai: Buyer;
let eve: Buyer;
let an: Seller;
let rival: Seller;
let goods: Goods;
/** Mai's: one that waits to be paid, one that became an order. */
let open: CheckoutView;
let paid: CheckoutView;
let orderId: string;

beforeAll(async () => {
  shop = await openShop();
  [mai, eve, an, rival] = await Promise.all([buyer(shop), buyer(shop), seller(shop), seller(shop)]);
  goods = await an.offer(2_500, 100);
  paid = await checkOut(mai, basketOf(mai, [goods]));
  await payInBrowser(shop.sandbox.url, paid);
  await mai.call(Checkout, paid.checkoutId).look({});
  orderId = (await mai.call(Order).list({})).items[0]?.orderId ?? "";
  open = await checkOut(mai, basketOf(mai, [goods]));
  await mai.call(Cart).put({ lines: [{ skuId: goods.skuId, pieces: 3 }] });
});
afterAll(() => shop.stop());

/** Asks for something at the ingress, by address. */
const ask = async (
  who: Person,
  address: string,
  input: object = {},
): Promise<{ status: number; body: unknown }> => {
  const authorization = `Bearer ${who.tokens.accessToken}`;
  const { status, body } = await knock(`${shop.ingressUrl}/${address}`, {
    authorization,
    body: JSON.stringify(input),
  });
  return { status, body };
};

/** Asks for something at the edge. */
const visit = async (who: Person, [method, path]: readonly [string, string], sent: Knock = {}) => {
  const authorization = `Bearer ${who.tokens.accessToken}`;
  const { status, body } = await knock(`${shop.edgeUrl()}${path}`, { ...sent, method, authorization });
  return { status, body };
};

describe("a buyer's", () => {
  test("the stage is set: one checkout waits to be paid, one became an order", () => {
    expect(open.state).toBe("awaiting_payment");
    expect(orderId).toMatch(/^ord_/);
  });

  test("checkout cannot be looked at, cancelled or read by another buyer, who is told what a stranger to it is told", async () => {
    const nowhere = freshId("chk");
    for (const verb of ["look", "cancel", "status"]) {
      const theirs = await ask(eve, `Checkout/${open.checkoutId}/${verb}`);
      expect(theirs).toMatchObject({ status: 404, body: { metadata: { code: "CHECKOUT_UNKNOWN" } } });
      expect(theirs).toEqual(await ask(eve, `Checkout/${nowhere}/${verb}`));
    }
    for (const verb of ["viewCheckout", "timeline"]) {
      const theirs = await ask(eve, `Order/${verb}`, { checkoutId: open.checkoutId });
      expect(theirs).toMatchObject({ status: 404, body: { metadata: { code: "CHECKOUT_UNKNOWN" } } });
      expect(theirs).toEqual(await ask(eve, `Order/${verb}`, { checkoutId: nowhere }));
    }
  });

  test("checkout is no other at the edge: the same cards, the same answers", async () => {
    const nowhere = freshId("chk");
    const cards = (checkoutId: string) =>
      [
        ["POST", `/checkouts/${checkoutId}/look`],
        ["POST", `/checkouts/${checkoutId}/cancel`],
        ["GET", `/checkouts/${checkoutId}`],
        ["GET", `/checkouts/${checkoutId}/timeline`],
      ] as const;
    for (const [at, card] of cards(open.checkoutId).entries()) {
      const theirs = await visit(eve, card);
      expect(theirs).toMatchObject({ status: 404, body: { code: "CHECKOUT_UNKNOWN" } });
      expect(theirs).toEqual(await visit(eve, cards(nowhere)[at] ?? card));
    }
  });

  test("checkout stands as it stood after all that, and its owner may still cancel it", async () => {
    expect(await mai.call(Checkout, open.checkoutId).status({})).toEqual(open);
    const second = await checkOut(mai, basketOf(mai, [goods]));
    await mai.call(Checkout, second.checkoutId).cancel({});
    await expect
      .poll(async () => (await mai.call(Order).viewCheckout({ checkoutId: second.checkoutId })).state)
      .toBe("abandoned");
  });

  test("order is for its buyer and its seller: ORDER_UNKNOWN to another buyer and to another seller", async () => {
    for (const stranger of [eve, rival]) {
      const theirs = await ask(stranger, "Order/read", { orderId });
      expect(theirs).toMatchObject({ status: 404, body: { metadata: { code: "ORDER_UNKNOWN" } } });
      expect(theirs).toEqual(await ask(stranger, "Order/read", { orderId: freshId("ord") }));
      expect(await visit(stranger, ["GET", `/orders/${orderId}`])).toMatchObject({
        status: 404,
        body: { code: "ORDER_UNKNOWN" },
      });
      expect((await stranger.call(Order).list({})).items).toEqual([]);
    }
    expect((await mai.call(Order).read({ orderId })).buyerId).toBe(mai.accountId);
    expect((await an.call(Order).read({ orderId })).sellerId).toBe(an.accountId);
  });

  test("cart is not another's: each account sees and fills its own", async () => {
    await eve.call(Cart).put({ lines: [{ skuId: goods.skuId, pieces: 0 }] });
    expect((await eve.call(Cart).read({})).lines).toEqual([]);
    expect((await mai.call(Cart).read({})).lines).toEqual([{ skuId: goods.skuId, pieces: 3 }]);
  });

  test("address cannot be sent to by another: ADDRESS_UNKNOWN", async () => {
    const basket = { ...basketOf(eve, [goods]), addressId: mai.addressId };
    expect(await ask(eve, "Order/checkout", { attemptId: randomUUID(), ...basket })).toMatchObject({
      status: 404,
      body: { metadata: { code: "ADDRESS_UNKNOWN" } },
    });
    const { addresses } = await eve.call(AddressBook).list({});
    expect(addresses.map(({ addressId }) => addressId)).toEqual([eve.addressId]);
  });

  test("attempt id is their own: another account with the same one gets its own checkout", async () => {
    const attemptId = randomUUID();
    const [one, other] = await Promise.all([
      checkOut(mai, basketOf(mai, [goods]), attemptId),
      checkOut(eve, basketOf(eve, [goods]), attemptId),
    ]);
    expect(other.checkoutId).not.toBe(one.checkoutId);
    expect(other.payment?.chargeId).not.toBe(one.payment?.chargeId);
    expect(await ask(eve, "Order/viewCheckout", { checkoutId: one.checkoutId })).toMatchObject({
      status: 404,
    });
  });

  test("call key is not theirs to name: a stranger who sends another's header gets an address of their own", async () => {
    const headers = { "x-call-key": `key-${randomUUID()}` };
    const add = (who: Buyer) =>
      knock(`${shop.ingressUrl}/AddressBook/add`, {
        authorization: `Bearer ${who.tokens.accessToken}`,
        body: JSON.stringify(ADDRESS),
        headers,
      });
    const [first, again, theirs] = [await add(mai), await add(mai), await add(eve)];
    const ids = [first, again, theirs].map(({ body }) => (body as { addressId: string }).addressId);
    expect(new Set(ids).size).toBe(3);
  });
});

describe("a seller's", () => {
  const LISTING_UNKNOWN = { status: 404, body: { metadata: { code: "LISTING_UNKNOWN" } } };

  test("listing cannot be hidden or published by another seller: LISTING_UNKNOWN", async () => {
    for (const verb of ["hide", "publish"]) {
      const theirs = await ask(rival, `Listing/${verb}`, { listingId: goods.listingId });
      expect(theirs).toMatchObject(LISTING_UNKNOWN);
      expect(theirs).toEqual(await ask(rival, `Listing/${verb}`, { listingId: freshId("lst") }));
    }
    expect((await eve.call(Listing).read({ listingId: goods.listingId })).state).toBe("published");
  });

  test("draft cannot be read by anybody: LISTING_UNKNOWN", async () => {
    const draft = await an.call(Listing).draft({
      title: "Not yet",
      description: "",
      category: "things",
      skus: [{ code: "ONE", price: goods.price, weightGrams: 1 }],
    });
    expect(await ask(rival, "Listing/read", { listingId: draft.listingId })).toMatchObject(LISTING_UNKNOWN);
    expect(await ask(rival, "Listing/publish", { listingId: draft.listingId })).toMatchObject(
      LISTING_UNKNOWN,
    );
  });

  test("price cannot be set by another seller: SKU_UNAVAILABLE", async () => {
    const price = { minor: 1, currency: "USD" };
    const theirs = await ask(rival, "Listing/reprice", { skuId: goods.skuId, price });
    expect(theirs).toMatchObject({ status: 409, body: { metadata: { code: "SKU_UNAVAILABLE" } } });
    const { skus } = await eve.call(Listing).read({ listingId: goods.listingId });
    expect(skus[0]?.price).toEqual(goods.price);
  });

  test("supplier cannot be aimed elsewhere, and its orders not be sent again, by another seller: SUPPLIER_UNKNOWN, PURCHASE_UNKNOWN", async () => {
    const { supplierId } = await an.call(Supplier).put({ name: "S", email: "s@s.example", leadDays: 1 });
    const lines = [{ skuId: goods.skuId, pieces: 1 }];
    const { purchaseId } = await an.call(Purchase).draft({ attemptId: randomUUID(), supplierId, lines });
    const aim = { url: "https://eve.example/", secret: `whsec_${"A".repeat(32)}` };
    for (const [address, input, code] of [
      ["Supplier/hook", { supplierId, ...aim }, "SUPPLIER_UNKNOWN"],
      ["Supplier/unhook", { supplierId }, "SUPPLIER_UNKNOWN"],
      ["Hook/resend", { purchaseId }, "PURCHASE_UNKNOWN"],
    ] as const)
      expect(await ask(rival, address, input)).toMatchObject({ status: 404, body: { metadata: { code } } });
    const { suppliers } = await an.call(Supplier).list({});
    expect(suppliers).toMatchObject([{ supplierId, channel: "mail", webhookUrl: null }]);
  });

  test("stock cannot be booked or followed by another seller: SKU_UNKNOWN", async () => {
    const before = await eve.call(Stock).level({ skuId: goods.skuId });
    const SKU_UNKNOWN = { status: 404, body: { metadata: { code: "SKU_UNKNOWN" } } };
    const receipt = { receiptId: randomUUID(), skuId: goods.skuId, pieces: 5 };
    expect(await ask(rival, "Stock/receive", receipt)).toMatchObject(SKU_UNKNOWN);
    expect(await ask(rival, "Stock/movements", { skuId: goods.skuId })).toMatchObject(SKU_UNKNOWN);
    expect((await eve.call(Stock).level({ skuId: goods.skuId })).onHand).toBe(before.onHand);
    expect((await an.call(Stock).movements({ skuId: goods.skuId })).items.length).toBeGreaterThan(0);
  });
});
