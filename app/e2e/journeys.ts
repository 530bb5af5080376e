/** Everything a buyer may live through, as one suite that is run in every topology. */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Listing } from "@shopnexus/contracts/catalog/listing";
import { newAttemptId } from "@shopnexus/contracts/client";
import { Stock, StockRefusals } from "@shopnexus/contracts/inventory/stock";
import { isRefusal, type Refusal, type RefusalError } from "@shopnexus/contracts/kit/refusal";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Checkout, CheckoutRefusals } from "@shopnexus/contracts/order/checkout";
import { AttemptRefusals } from "@shopnexus/contracts/order/attempt";
import { Order } from "@shopnexus/contracts/order/order";
import { basketOf, buyer, checkOut, insider } from "#tools/testkit/people.ts";
import { openShop, type TestShop, type Topology } from "#tools/testkit/shop.ts";
import {
  cancel,
  forget,
  intentsOf,
  isPlaced,
  journalShape,
  levelOf,
  look,
  openOne,
  pay,
  promotionOf,
  setStage,
  type Stage,
  tenthOff,
  threeThings,
} from "./stage.ts";

const START_MS = 60_000;
const JOURNEY_MS = 40_000;

export type Journey = {
  readonly topology: Topology;
  /** Happens in the middle of every journey: between holding and paying, or paying and looking. */
  readonly midway?: (shop: TestShop) => Promise<void>;
  /** Is told what the finished purchase asked of Restate. */
  readonly onJournal?: (shape: string[]) => void;
};

/** Runs the whole suite on a shop of its own. */
export const describeShop = (name: string, { topology, midway, onJournal }: Journey): void => {
  describe(`the shop, ${name}`, () => {
    const stage = {} as Stage;
    beforeAll(async () => {
      const shop = await openShop(topology, { logLevel: "warn" });
      Object.assign(stage, { shop });
      Object.assign(stage, await setStage(shop, midway ?? (async () => undefined)));
    }, START_MS);
    afterEach(() => stage.shop?.sandbox.faults.clear());
    afterAll(() => stage.shop?.stop(), START_MS);
    purchases(stage, onJournal ?? (() => undefined));
    refusals(stage);
    cancellation(stage);
    attempts(stage);
    forgetting(stage);
    payments(stage);
    audits(stage);
  });
};

const refusalOf = async <R extends Refusal>(work: Promise<unknown>, refusal: R): Promise<RefusalError> => {
  const error = await work.then(
    () => new Error("it was not refused"),
    (reason: unknown) => reason,
  );
  if (isRefusal(error, refusal)) return error;
  throw error;
};

const purchases = (stage: Stage, onJournal: (shape: string[]) => void): void => {
  test("three lines from two sellers, with a code: two orders, one charge, the money in escrow", {
    timeout: JOURNEY_MS,
  }, async () => {
    const { shop, mai } = stage;
    const goods = await threeThings(stage);
    const code = `TENTH-${randomUUID().slice(0, 8).toUpperCase()}`;
    const promotionId = await tenthOff(stage, code);
    await mai.call(Cart).put({ lines: goods.map(({ skuId }) => ({ skuId, pieces: 2 })) });
    const opened = await checkOut(mai, { ...basketOf(mai, goods, 2), codes: [code] });
    expect(opened).toMatchObject({ state: "awaiting_payment", total: { minor: 26_719, currency: "USD" } });
    expect((await promotionOf(stage, promotionId)).held.minor).toBe(2_969);
    await stage.midway();
    expect(await pay(stage, opened)).toBe(200);
    await look(stage, opened);
    await isPlaced(stage, opened);
    const { items } = await mai.call(Order).list({});
    expect(items.map(({ total }) => total.minor).toSorted((a, b) => a - b)).toEqual([4_498, 22_221]);
    expect(await intentsOf(stage, opened)).toMatchObject([{ status: "succeeded", amount_received: 26_719 }]);
    await expect.poll(() => mai.call(Cart).read({})).toEqual({ lines: [] });
    const books = (await insider(shop)).call(Wallet);
    await expect
      .poll(async () => (await books.entries({ reference: opened.checkoutId })).entries.length)
      .toBe(1);
    for (const thing of goods) {
      expect(await levelOf(stage, thing)).toMatchObject({ onHand: 10, held: 0, sold: 2, available: 8 });
    }
    expect(await promotionOf(stage, promotionId)).toMatchObject({
      held: { minor: 0 },
      redeemed: { minor: 2_969 },
    });
    onJournal(await journalShape(stage, opened));
  });
};

const refusals = (stage: Stage): void => {
  test("out of stock: the answer names the SKU, what was wanted and what there is; nothing stays held", async () => {
    const { mai, an } = stage;
    const [scarce, plenty] = [await an.offer(900, 3), await an.offer(800, 10)];
    const error = await refusalOf(
      checkOut(mai, basketOf(mai, [plenty, scarce], 4)),
      StockRefusals.OUT_OF_STOCK,
    );
    expect(error).toMatchObject({
      status: 409,
      data: { short: [{ skuId: scarce.skuId, wanted: 4, available: 3 }] },
    });
    expect(await levelOf(stage, plenty)).toMatchObject({ held: 0, available: 10 });
  });

  test("price changed: the answer has the price seen and the price now", async () => {
    const { mai, an } = stage;
    const thing = await an.offer(1_000, 3);
    const now = { minor: 1_100, currency: "USD" };
    await an.call(Listing).reprice({ skuId: thing.skuId, price: now });
    const error = await refusalOf(checkOut(mai, basketOf(mai, [thing])), CheckoutRefusals.PRICE_CHANGED);
    expect(error).toMatchObject({
      status: 409,
      data: { lines: [{ skuId: thing.skuId, seen: thing.price, now }] },
    });
  });
};

const cancellation = (stage: Stage): void => {
  test("cancelled before it is paid: stock, budget and payment are given back", {
    timeout: JOURNEY_MS,
  }, async () => {
    const { mai, an } = stage;
    const thing = await an.offer(3_000, 4);
    const code = `GONE-${randomUUID().slice(0, 8).toUpperCase()}`;
    const promotionId = await tenthOff(stage, code);
    const opened = await checkOut(mai, { ...basketOf(mai, [thing], 2), codes: [code] });
    expect(await levelOf(stage, thing)).toMatchObject({ held: 2, available: 2 });
    await stage.midway();
    await cancel(opened, mai);
    await expect.poll(() => levelOf(stage, thing)).toMatchObject({ held: 0, sold: 0, available: 4 });
    await expect
      .poll(() => promotionOf(stage, promotionId))
      .toMatchObject({ held: { minor: 0 }, redeemed: { minor: 0 } });
    expect(await intentsOf(stage, opened)).toMatchObject([{ status: "canceled", amount_received: 0 }]);
    expect(await mai.call(Order).viewCheckout({ checkoutId: opened.checkoutId })).toMatchObject({
      state: "abandoned",
      orderIds: [],
    });
  });
};

const attempts = (stage: Stage): void => {
  test("the same attempt, twice and twenty times at once: one checkout, one charge", {
    timeout: JOURNEY_MS,
  }, async () => {
    const { mai, an } = stage;
    const thing = await an.offer(1_500, 30);
    const [attemptId, basket] = [newAttemptId(), basketOf(mai, [thing])];
    const crowd = await Promise.all(Array.from({ length: 20 }, () => checkOut(mai, basket, attemptId)));
    await stage.midway();
    const again = await checkOut(mai, basket, attemptId);
    expect(new Set([...crowd, again].map(({ checkoutId }) => checkoutId)).size).toBe(1);
    expect(new Set([...crowd, again].map(({ payment }) => payment?.clientSecret)).size).toBe(1);
    expect(await intentsOf(stage, again)).toHaveLength(1);
    expect(await levelOf(stage, thing)).toMatchObject({ held: 1, available: 29 });
    const other = await refusalOf(
      checkOut(mai, basketOf(mai, [thing], 2), attemptId),
      AttemptRefusals.ATTEMPT_REUSED,
    );
    expect(other.status).toBe(422);
    expect(await pay(stage, again)).toBe(200);
    expect(await look(stage, again)).toMatchObject({ checkoutId: again.checkoutId });
    await isPlaced(stage, again);
  });

  test("another account with the same attempt id gets a checkout of its own, and cannot see the first", async () => {
    const { shop, mai, an } = stage;
    const thing = await an.offer(1_500, 5);
    const [attemptId, chi] = [newAttemptId(), await buyer(shop)];
    const hers = await checkOut(mai, basketOf(mai, [thing]), attemptId);
    const his = await checkOut(chi, basketOf(chi, [thing], 2), attemptId);
    expect(his.checkoutId).not.toBe(hers.checkoutId);
    expect(his.lines).toMatchObject([{ pieces: 2 }]);
    const status = chi.call(Checkout, hers.checkoutId).status({});
    expect((await refusalOf(status, CheckoutRefusals.CHECKOUT_UNKNOWN)).status).toBe(404);
    await Promise.all([cancel(hers, mai), cancel(his, chi)]);
  });
};

const forgetting = (stage: Stage): void => {
  test("the same attempt after Restate forgot it is the same checkout still", {
    timeout: JOURNEY_MS,
  }, async () => {
    const { mai, an } = stage;
    const thing = await an.offer(700, 5);
    const [attemptId, basket] = [newAttemptId(), basketOf(mai, [thing])];
    const first = await checkOut(mai, basket, attemptId);
    expect(await pay(stage, first)).toBe(200);
    await look(stage, first);
    await isPlaced(stage, first);
    await expect.poll(() => forget(stage, "Checkout", "Order")).toBeGreaterThan(0);
    await expect.poll(() => forget(stage, "Checkout", "Order")).toBe(0);
    await stage.midway();
    const again = await checkOut(mai, basket, attemptId);
    expect(again).toMatchObject({ checkoutId: first.checkoutId, state: "placed" });
    expect(again.orderIds).toHaveLength(1);
    expect(await intentsOf(stage, again)).toHaveLength(1);
    expect(await levelOf(stage, thing)).toMatchObject({ held: 0, sold: 1, available: 4 });
  });
};

const payments = (stage: Stage): void => {
  test("a declined card, then a good one: the same payment, charged once", {
    timeout: JOURNEY_MS,
  }, async () => {
    const { view } = await openOne(stage);
    expect(await pay(stage, view, "pm_card_chargeDeclined")).toBe(402);
    expect(await look(stage, view)).toMatchObject({ state: "awaiting_payment" });
    await stage.midway();
    expect(await pay(stage, view)).toBe(200);
    await look(stage, view);
    await isPlaced(stage, view);
    expect(await intentsOf(stage, view)).toMatchObject([{ status: "succeeded", amount_received: 2_500 }]);
    const { entries } = await stage.mai.call(Order).timeline({ checkoutId: view.checkoutId });
    expect(entries.map(({ what }) => what)).toContain("payment_declined");
  });

  test("a buyer who never comes back: the gateway's event alone places the order", {
    timeout: JOURNEY_MS,
  }, async () => {
    const { thing, view } = await openOne(stage);
    expect(await pay(stage, view)).toBe(200);
    await stage.midway();
    await isPlaced(stage, view);
    expect(await levelOf(stage, thing)).toMatchObject({ held: 0, sold: 1 });
  });

  test("an event that is lost: the buyer's look alone places the order", {
    timeout: JOURNEY_MS,
  }, async () => {
    const { thing, view } = await openOne(stage);
    stage.shop.sandbox.faults.set({ webhooks: { loseRate: 1 } });
    expect(await pay(stage, view)).toBe(200);
    await stage.midway();
    await look(stage, view);
    await isPlaced(stage, view);
    expect(await levelOf(stage, thing)).toMatchObject({ held: 0, sold: 1 });
  });
};

const audits = (stage: Stage): void => {
  test("after all of it the ledger balances, and every level is the sum of its movements", async () => {
    const tools = await insider(stage.shop);
    expect(await tools.call(Wallet).audit({})).toEqual({ unbalanced: [], drifted: [], negative: [] });
    expect(await tools.call(Stock).audit({})).toEqual({ drifted: [] });
  });
};
