import { RestatePromise, TerminalError, type WorkflowContext } from "@restatedev/restate-sdk";
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Listing } from "@shopnexus/contracts/catalog/listing";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import type { In } from "@shopnexus/contracts/kit/contract";
import { fromMetadata, RefusalError, type Refused, refuse } from "@shopnexus/contracts/kit/refusal";
import { epochMs, instant } from "@shopnexus/contracts/kit/time";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Charge, type ChargeOrder } from "@shopnexus/contracts/order/charge";
import { type Basket, Checkout, CheckoutRefusals, PAYMENT_WINDOW_MS } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { Quote } from "@shopnexus/contracts/promotion/quote";
import { call } from "#modules/_kit/call.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { nothing, pair, pivot, type Saga, saga } from "#modules/_kit/saga.ts";
import { beBuyable, bePricedAsSeen, captureEntry, checkoutLines, returnEntries, SIGNALS, waits } from "./rules.ts";

type Ctx = WorkflowContext;
type HoldRef = { holdId: string };
type PromotionHoldRef = { promotionHoldId: string };

// The pairs, in running order. All that may still refuse stands before the pivot.

const holdPromotions = pair("hold promotions", {
  do: (ctx: Ctx, input: In<typeof Promotion, "hold">) => call(ctx, Promotion).hold(input),
  undo: (ctx, { promotionHoldId }) => call(ctx, Promotion).free({ promotionHoldId }),
});
const reserveStock = pair("reserve stock", {
  do: (ctx: Ctx, input: In<typeof Stock, "reserve">) => call(ctx, Stock).reserve(input),
  undo: (ctx, { holdId }) => call(ctx, Stock).release({ holdId }),
});
const openCheckout = pair("open checkout", {
  do: (ctx: Ctx, input: In<typeof Order, "open">) => call(ctx, Order).open(input),
  undo: (ctx, { checkoutId }) => call(ctx, Order).abandon({ checkoutId }),
});
const openCharge = pair("open charge", {
  do: (ctx: Ctx, order: ChargeOrder) => call(ctx, Charge).open(order),
  undo: (ctx, order) => callOff(ctx, order),
});
const commitStock = pair("commit stock", {
  do: (ctx: Ctx, ref: HoldRef) => call(ctx, Stock).commit(ref),
  undo: (ctx, ref) => call(ctx, Stock).restock(ref),
});
const redeemPromotions = pair("redeem promotions", {
  do: (ctx: Ctx, ref: PromotionHoldRef) => call(ctx, Promotion).redeem(ref),
  undo: (ctx, ref) => call(ctx, Promotion).restore(ref),
});
const settleCharge = pivot("settle charge", {
  do: (ctx: Ctx, { chargeId }: ChargeOrder) => call(ctx, Charge).settle({ chargeId }),
});
const placeOrders = pair("place orders", {
  do: (ctx: Ctx, checkoutId: string) => call(ctx, Order).place({ checkoutId }),
  undo: nothing("the sale is certain"),
});
const finishSale = pair("finish sale", {
  do: (ctx: Ctx, sale: Sale) => finish(ctx, sale),
  undo: nothing("the sale is certain"),
});

type Placed = Awaited<ReturnType<typeof placeOrders.do>>["orders"];
type Sale = { purchase: Purchase; charge: ChargeOrder; orders: Placed };
type Purchase = { checkoutId: string; accountId: string; claimedAt: string; basket: Basket };

export const run: Handler<typeof Checkout, "run"> = async (ctx, input) => {
  const purchase = { checkoutId: ctx.key, ...input };
  try {
    const orders = await saga(ctx, (steps) => buy(ctx, steps, purchase));
    return { orderIds: orders.map(({ orderId }) => orderId) };
  } catch (error) {
    const refused = refusedOf(error);
    if (refused === undefined) throw error;
    await call(ctx, Order).close({ checkoutId: purchase.checkoutId, refused });
    if ((await ctx.promise(SIGNALS.opened).peek()) === undefined) await ctx.promise(SIGNALS.opened).resolve({ refused });
    await ctx.promise(SIGNALS.finished).resolve(true);
    throw error;
  }
};

const buy = async (ctx: Ctx, steps: Saga<Ctx>, purchase: Purchase): Promise<Placed> => {
  const { checkoutId } = purchase;
  const holdId = deriveId("hld", checkoutId);
  const { lines, applied, address } = await freeze(ctx, purchase);
  const promotionHoldId = applied.length > 0 ? deriveId("phd", checkoutId) : undefined;
  if (promotionHoldId !== undefined) {
    const shares = applied.map(({ promotionId, amount }) => ({ promotionId, amount }));
    await steps.do(holdPromotions, { promotionHoldId, shares });
  }
  await steps.do(reserveStock, { holdId, lines: lines.map(({ skuId, pieces }) => ({ skuId, pieces })) });
  const windowEndsAt = instant(epochMs(purchase.claimedAt) + PAYMENT_WINDOW_MS);
  const { currency, gateway } = purchase.basket;
  const { total, windowMs } = await steps.do(openCheckout, { checkoutId, address, currency, lines, windowEndsAt });
  const charge = { chargeId: deriveId("chg", checkoutId), checkoutId, gateway, amount: total };
  const payment = await steps.do(openCharge, charge);
  await ctx.promise(SIGNALS.opened).resolve({ refused: null });
  if (payment.state !== "paid") await awaitPayment(ctx, charge.chargeId, windowMs);
  await steps.do(commitStock, { holdId });
  if (promotionHoldId !== undefined) await steps.do(redeemPromotions, { promotionHoldId });
  await steps.do(settleCharge, charge);
  const { orders } = await steps.do(placeOrders, checkoutId);
  await steps.do(finishSale, { purchase, charge, orders });
  await ctx.promise(SIGNALS.finished).resolve(true);
  return orders;
};

/** Reads everything the sale depends on, once; from here on nobody can change it. */
const freeze = async (ctx: Ctx, { checkoutId, accountId, claimedAt, basket }: Purchase) => {
  const skuIds = [...new Set(basket.lines.map(({ skuId }) => skuId))];
  const [{ skus }, address] = await RestatePromise.all([
    call(ctx, Listing).snapshot({ skuIds }),
    call(ctx, AddressBook).pick({ accountId, addressId: basket.addressId }),
  ]);
  beBuyable(basket, skus, accountId);
  bePricedAsSeen(basket, skus);
  const { currency, codes } = basket;
  const priced = skus.map(({ skuId, sellerId, price }) => {
    const pieces = basket.lines.find((line) => line.skuId === skuId)?.pieces ?? 0;
    return { skuId, sellerId, unitPrice: price, pieces };
  });
  const quote = await call(ctx, Quote).price({ currency, at: claimedAt, lines: priced, codes });
  const lines = checkoutLines(basket, skus, quote, (skuId) => deriveId("lin", checkoutId, skuId));
  return { lines, applied: quote.applied, address };
};

/** The one door: browser, webhook and the looks below only say that there may be news; the gateway's word is judged later. */
const awaitPayment = async (ctx: Ctx, chargeId: string, windowMs: number): Promise<void> => {
  const news = [ctx.promise(SIGNALS.paid).get().map(() => "paid"), ctx.promise(SIGNALS.cancelled).get().map(() => "cancelled")] as const;
  for (const waitMs of waits(windowMs)) {
    const first = await RestatePromise.race([...news, ctx.sleep(waitMs).map(() => "silence")]);
    if (first === "paid") return;
    if (first === "cancelled") throw refuse(CheckoutRefusals.CHECKOUT_CANCELLED, {});
    const { next } = await call(ctx, Charge).inspect({ chargeId });
    if (next === "signal") return;
  }
  throw refuse(CheckoutRefusals.PAYMENT_EXPIRED, {});
};

/** Voids a charge; money that had come in is refunded by it, and both facts go to the ledger. */
const callOff = async (ctx: Ctx, order: ChargeOrder): Promise<void> => {
  const { returned } = await call(ctx, Charge).void(order);
  for (const entry of returnEntries(order, returned)) await call(ctx, Wallet).post(entry);
};

const finish = async (ctx: Ctx, { purchase, charge, orders }: Sale): Promise<void> => {
  const { accountId, checkoutId, basket } = purchase;
  const entry = captureEntry(charge, orders);
  const skuIds = basket.lines.map(({ skuId }) => skuId);
  const events = orders.map(({ orderId, sellerId, total }) => ({
    eventKey: `${orderId}/placed`,
    kind: "order.placed" as const,
    subject: orderId,
    data: { checkoutId, buyerId: accountId, sellerId, total },
  }));
  await RestatePromise.all([
    ...(entry === undefined ? [] : [call(ctx, Wallet).post(entry)]),
    call(ctx, Cart).clear({ accountId, checkoutId, skuIds }),
    call(ctx, Feed).append({ events }),
  ]);
};

/** A final error as an answer for the buyer; an operator's cancellation counts as one. Undefined for a fault. */
const refusedOf = (error: unknown): Refused | undefined => {
  if (error instanceof RefusalError) return error.refused;
  if (!(error instanceof TerminalError)) return undefined;
  const { code, status, says } = CheckoutRefusals.CHECKOUT_CANCELLED;
  return fromMetadata(error.metadata, error.code, error.message) ?? { code, status, message: says, data: {} };
};
