import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Letter } from "@shopnexus/contracts/common/letter";
import { HOLD_MS } from "@shopnexus/contracts/inventory/stock";
import { freshId } from "@shopnexus/contracts/kit/id";
import { instant, MINUTE_MS, SECOND_MS } from "@shopnexus/contracts/kit/time";
import type { PlacedOrder } from "@shopnexus/contracts/order/attempt";
import { PAYMENT_WINDOW_MS } from "@shopnexus/contracts/order/checkout";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { captureEntry, holdLines, letters, placedEvents, returnEntries, waits } from "./rules.ts";

const usd = (minor: number) => ({ minor, currency: "USD" });
const BUYER = freshId("acc");
const POLL_MS = 20 * SECOND_MS;
const CHARGE = {
  chargeId: freshId("chg"),
  checkoutId: freshId("chk"),
  gateway: "stripe" as const,
  amount: usd(900),
};
const ordersOf = (...minors: number[]) =>
  minors.map((minor) => ({
    orderId: freshId("ord"),
    sellerId: freshId("acc"),
    total: usd(minor),
    items: [{ skuId: freshId("sku"), title: "A thing", pieces: 1, isBackordered: false }],
    confirmUntil: instant(0),
  }));
const sumOf = (entry: { lines: readonly { minor: number }[] } | undefined) =>
  entry?.lines.reduce((sum, { minor }) => sum + minor, 0);

describe("waits", () => {
  it("the waits of a window sum up to it, and each is positive unless there is no window", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 * 60 * MINUTE_MS }), (windowMs) => {
        const each = waits(windowMs, POLL_MS);
        expect(each.reduce((sum, ms) => sum + ms, 0)).toBe(windowMs);
        expect(each.every((ms) => ms > 0)).toBe(true);
      }),
    );
  });

  it("a window that is over is looked at once more, at once", () => {
    expect(waits(0, POLL_MS)).toEqual([0]);
  });

  it("the looks of a whole window get rarer, and it ends before the stock hold does", () => {
    const each = waits(PAYMENT_WINDOW_MS, POLL_MS);
    expect(each).toEqual([...each].toSorted((a, b) => a - b));
    expect(PAYMENT_WINDOW_MS).toBeLessThan(HOLD_MS);
  });
});

describe("what the orders of a checkout are told with", () => {
  it("placedEvents: one event an order, under a key that the order alone makes", () => {
    const orders = ordersOf(1, 2);
    const events = placedEvents(CHARGE.checkoutId, freshId("acc"), orders);
    expect(events.map(({ eventKey, subject }) => [eventKey, subject])).toEqual(
      orders.map(({ orderId }) => [`${orderId}/placed`, orderId]),
    );
  });

  it("letters: one to the buyer and one to the seller, each under a key of its own, and both are letters", () => {
    const buyerId = freshId("acc");
    const [order] = ordersOf(700) as [PlacedOrder];
    const both = letters(buyerId, order);
    expect(both.map(({ to, template }) => [to, template])).toEqual([
      [{ accountId: buyerId }, "order_placed"],
      [{ accountId: order.sellerId }, "sale_received"],
    ]);
    expect(new Set(both.map(({ messageKey }) => messageKey)).size).toBe(2);
    for (const letter of both) expect(Letter.safeParse(letter).success).toBe(true);
  });
});

describe("holdLines", () => {
  const lines = [freshId("sku"), freshId("sku")].map((skuId, at) => ({
    skuId,
    lineId: freshId("lin"),
    sellerId: freshId("acc"),
    pieces: at + 1,
  })) as unknown as Parameters<typeof holdLines>[0];

  it("a buyer who takes all or nothing names no line that would wait", () => {
    expect(holdLines(lines, { lines: [], stock: "whole" }, () => "no")).toEqual(
      lines.map(({ skuId, pieces }) => ({ skuId, pieces })),
    );
  });

  it("a line with a ticket takes nothing from the shelf", () => {
    const seen = { minor: 1, currency: "USD" };
    const [first, second] = lines;
    const { skuId = "", pieces = 1 } = first ?? {};
    const basket = { lines: [{ skuId, pieces, seen, ticketId: freshId("tkt") }] };
    expect(holdLines(lines, basket, () => "no")).toEqual([{ skuId: second?.skuId, pieces: second?.pieces }]);
  });

  it("a buyer who takes parts names each line, and the order that it will be in", () => {
    expect(holdLines(lines, { lines: [], stock: "partial" }, (sellerId) => `ord of ${sellerId}`)).toEqual(
      lines.map(({ skuId, pieces, lineId, sellerId }) => ({
        skuId,
        pieces,
        backorder: { orderId: `ord of ${sellerId}`, lineId },
      })),
    );
  });
});

describe("ledger entries", () => {
  it("captureEntry balances: what gateway and wallet paid is in escrow, order by order", () => {
    const minors = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 99 });
    fc.assert(
      fc.property(minors, fc.integer({ min: 0, max: 100 }), (some, percent) => {
        const orders = ordersOf(...some, 1);
        const owed = orders.filter((order) => order.total.minor > 0);
        const total = orders.reduce((sum, order) => sum + order.total.minor, 0);
        const wallet = usd(Math.floor((total * percent) / 100));
        const amount = usd(total - wallet.minor);
        const entry = captureEntry({ charge: { ...CHARGE, amount }, accountId: BUYER, wallet, orders });
        expect(sumOf(entry)).toBe(0);
        const spent = { walletHoldId: freshId("whd"), ...entry };
        expect(Wallet._handlers.spend.input.safeParse(spent).success).toBe(true);
        const minorOf = (account: string) =>
          entry?.lines.find((line) => line.account === account)?.minor ?? 0;
        expect(minorOf("gateway:stripe")).toBe(0 - amount.minor);
        expect(minorOf(`held:${BUYER}`)).toBe(0 - wallet.minor);
        expect(entry?.lines.filter(({ account }) => account.startsWith("escrow:"))).toEqual(
          owed.map(({ orderId, total: { minor, currency } }) => ({
            account: `escrow:${orderId}`,
            minor,
            currency,
          })),
        );
      }),
    );
  });

  it("nothing is posted for what cost nothing", () => {
    const free = { charge: { ...CHARGE, amount: usd(0) }, accountId: BUYER, wallet: usd(0) };
    expect(captureEntry({ ...free, orders: ordersOf(0, 0) })).toBeUndefined();
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
