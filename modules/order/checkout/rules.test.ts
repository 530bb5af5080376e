import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SkuSnapshot } from "@shopnexus/contracts/catalog/listing";
import { HOLD_MS } from "@shopnexus/contracts/inventory/stock";
import { freshId } from "@shopnexus/contracts/kit/id";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { type Basket, PAYMENT_WINDOW_MS } from "@shopnexus/contracts/order/checkout";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import {
  beAsSeen,
  captureEntry,
  checkoutLines,
  placedEvents,
  quoteLines,
  returnEntries,
  waits,
} from "./rules.ts";

const usd = (minor: number) => ({ minor, currency: "USD" });
const snapshot = (priceMinor: number, sellerId = freshId("acc")): SkuSnapshot => ({
  skuId: freshId("sku"),
  listingId: freshId("lst"),
  sellerId,
  title: "A thing",
  code: "ONE",
  category: "things",
  price: usd(priceMinor),
  weightGrams: 100,
  sizeMm: null,
});
const basketOf = (skus: readonly SkuSnapshot[], pieces = 2): Basket => ({
  addressId: freshId("adr"),
  gateway: "stripe",
  currency: "USD",
  codes: [],
  lines: skus.map(({ skuId, price }) => ({ skuId, pieces, seen: price })),
});
const CHARGE = {
  chargeId: freshId("chg"),
  checkoutId: freshId("chk"),
  gateway: "stripe" as const,
  amount: usd(900),
};
const ordersOf = (...minors: number[]) =>
  minors.map((minor) => ({ orderId: freshId("ord"), sellerId: freshId("acc"), total: usd(minor) }));
const sumOf = (entry: { lines: readonly { minor: number }[] } | undefined) =>
  entry?.lines.reduce((sum, { minor }) => sum + minor, 0);

describe("waits", () => {
  it("the waits of a window sum up to it, and each is positive unless there is no window", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 * 60 * MINUTE_MS }), (windowMs) => {
        const each = waits(windowMs);
        expect(each.reduce((sum, ms) => sum + ms, 0)).toBe(windowMs);
        expect(each.every((ms) => ms > 0)).toBe(true);
      }),
    );
  });

  it("a window that is over is looked at once more, at once", () => {
    expect(waits(0)).toEqual([0]);
  });

  it("the looks of a whole window get rarer, and it ends before the stock hold does", () => {
    const each = waits(PAYMENT_WINDOW_MS);
    expect(each).toEqual([...each].toSorted((a, b) => a - b));
    expect(PAYMENT_WINDOW_MS).toBeLessThan(HOLD_MS);
  });
});

describe("beAsSeen", () => {
  const buyer = freshId("acc");

  it("a basket of what others sell at the prices seen passes", () => {
    const skus = [snapshot(100), snapshot(200)];
    expect(() => beAsSeen(basketOf(skus), skus, buyer)).not.toThrow();
  });

  it("the same item on two lines is refused (LINE_TWICE)", () => {
    const sku = snapshot(100);
    expect(() => beAsSeen(basketOf([sku, sku]), [sku], buyer)).toThrow(
      expect.objectContaining({ code: "LINE_TWICE", status: 422 }),
    );
  });

  it("an item of the buyer's own is refused (OWN_LISTING), whatever else is in the basket", () => {
    const skus = [snapshot(100), snapshot(100, buyer)];
    expect(() => beAsSeen(basketOf(skus), skus, buyer)).toThrow(
      expect.objectContaining({ code: "OWN_LISTING", status: 422 }),
    );
  });

  it("another price or currency is refused (PRICE_CHANGED) with both prices of just the lines that changed", () => {
    const skus = [snapshot(100), snapshot(200), snapshot(300)];
    const basket = basketOf(skus);
    const now = skus.map((sku, at) => ({
      ...sku,
      price: [sku.price, usd(201), { minor: 300, currency: "EUR" }][at] ?? sku.price,
    }));
    const changed = [1, 2].map((at) => ({
      skuId: skus[at]?.skuId,
      seen: skus[at]?.price,
      now: now[at]?.price,
    }));
    expect(() => beAsSeen(basket, now, buyer)).toThrow(
      expect.objectContaining({ code: "PRICE_CHANGED", data: { lines: changed } }),
    );
  });
});

describe("lines", () => {
  const skus = [snapshot(100), snapshot(250)];
  const basket = basketOf(skus, 3);
  const turned = skus.toReversed();

  it("quoteLines: each frozen SKU with the pieces wanted, at the frozen price", () => {
    expect(quoteLines(basket, turned)).toEqual(
      turned.map(({ skuId, sellerId, price }) => ({ skuId, sellerId, unitPrice: price, pieces: 3 })),
    );
  });

  it("checkoutLines: in the order of the basket, frozen facts with the quoted discount and total", () => {
    const quote = {
      lines: turned.map(({ skuId, price }) => ({
        skuId,
        base: usd(price.minor * 3),
        discount: usd(10),
        total: usd(price.minor * 3 - 10),
      })),
      applied: [],
      total: usd(1_030),
      discount: usd(20),
    } as unknown as Parameters<typeof checkoutLines>[0]["quote"];
    const lines = checkoutLines({ basket, skus: turned, quote }, (skuId) => `lin_${skuId.slice(4)}`);
    expect(
      lines.map(({ skuId, total, discount, pieces }) => [skuId, total.minor, discount.minor, pieces]),
    ).toEqual(skus.map(({ skuId, price }) => [skuId, price.minor * 3 - 10, 10, 3]));
    expect(lines.map(({ lineId }) => lineId)).toEqual(skus.map(({ skuId }) => `lin_${skuId.slice(4)}`));
  });

  it("placedEvents: one event an order, under a key that the order alone makes", () => {
    const orders = ordersOf(1, 2);
    const events = placedEvents(CHARGE.checkoutId, freshId("acc"), orders);
    expect(events.map(({ eventKey, subject }) => [eventKey, subject])).toEqual(
      orders.map(({ orderId }) => [`${orderId}/placed`, orderId]),
    );
  });
});

describe("ledger entries", () => {
  it("captureEntry balances: what the gateway took is in escrow, order by order", () => {
    const minors = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 99 });
    fc.assert(
      fc.property(minors, (some) => {
        const orders = ordersOf(...some, 1);
        const owed = orders.filter((order) => order.total.minor > 0);
        const amount = usd(orders.reduce((sum, { total }) => sum + total.minor, 0));
        const entry = captureEntry({ ...CHARGE, amount }, orders);
        expect(sumOf(entry)).toBe(0);
        expect(Wallet._handlers.post.input.safeParse(entry).success).toBe(true);
        expect(entry?.lines.slice(1).map(({ account, minor }) => [account, minor])).toEqual(
          owed.map(({ orderId, total: { minor } }) => [`escrow:${orderId}`, minor]),
        );
      }),
    );
  });

  it("nothing is posted for what cost nothing", () => {
    expect(captureEntry({ ...CHARGE, amount: usd(0) }, ordersOf(0, 0))).toBeUndefined();
  });

  it("returnEntries balance, one by one and together: nothing stays anywhere", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (minor) => {
        const entries = returnEntries(CHARGE, usd(minor));
        expect(entries.map(sumOf)).toEqual([0, 0]);
        expect(new Set(entries.map(({ entryKey }) => entryKey)).size).toBe(2);
        const left = new Map<string, number>();
        for (const line of entries.flatMap(({ lines }) => lines))
          left.set(line.account, (left.get(line.account) ?? 0) + line.minor);
        expect(new Set(left.values())).toEqual(new Set([0]));
        for (const entry of entries) expect(Wallet._handlers.post.input.safeParse(entry).success).toBe(true);
      }),
    );
  });

  it("where nothing came in there is nothing to post", () => {
    expect(returnEntries(CHARGE, null)).toEqual([]);
  });
});
