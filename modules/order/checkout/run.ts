import { RestatePromise, type WorkflowContext } from "@restatedev/restate-sdk";
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Listing } from "@shopnexus/contracts/catalog/listing";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import type { In } from "@shopnexus/contracts/kit/contract";
import type { Refused } from "@shopnexus/contracts/kit/refusal";
import { epochMs, instant } from "@shopnexus/contracts/kit/time";
import { Attempt } from "@shopnexus/contracts/order/attempt";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Charge } from "@shopnexus/contracts/order/charge";
import type { ChargeOrder } from "@shopnexus/contracts/order/payment";
import {
  type Basket,
  type Checkout,
  CheckoutRefusals,
  PAYMENT_WINDOW_MS,
} from "@shopnexus/contracts/order/checkout";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { Quote } from "@shopnexus/contracts/promotion/quote";
import { call } from "#modules/_kit/call.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { anyway, nothing, pair, pivot, type Saga, saga } from "#modules/_kit/saga.ts";
import { say } from "#modules/_kit/say.ts";
import { refusedOf } from "#modules/_kit/terminal.ts";
import { postReturn } from "../charge/receive.ts";
import { awaitPayment } from "./paid.ts";
import { beAsSeen, captureEntry, checkoutLines, placedEvents, quoteLines, SIGNALS } from "./rules.ts";

type Ctx = WorkflowContext;

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
  do: (ctx: Ctx, input: In<typeof Attempt, "open">) => call(ctx, Attempt).open(input),
  undo: (ctx, { checkoutId }) => call(ctx, Attempt).abandon({ checkoutId }),
});
const openCharge = pair("open charge", {
  do: (ctx: Ctx, order: ChargeOrder) => call(ctx, Charge).open(order),
  undo: async (ctx, order) => postReturn(ctx, order, await call(ctx, Charge).void(order)),
});
const commitStock = pair("commit stock", {
  do: (ctx: Ctx, ref: In<typeof Stock, "commit">) => call(ctx, Stock).commit(ref),
  undo: (ctx, ref) => call(ctx, Stock).restock(ref),
});
const redeemPromotions = pair("redeem promotions", {
  do: (ctx: Ctx, ref: In<typeof Promotion, "redeem">) => call(ctx, Promotion).redeem(ref),
  undo: (ctx, ref) => call(ctx, Promotion).restore(ref),
});
const settleCharge = pivot("settle charge", {
  do: (ctx: Ctx, { chargeId }: ChargeOrder) => call(ctx, Charge).settle({ chargeId }),
});
const placeOrders = pair("place orders", {
  do: (ctx: Ctx, checkoutId: string) => call(ctx, Attempt).place({ checkoutId }),
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
    await saga(ctx, (steps) => buy(ctx, steps, purchase));
    return {};
  } catch (error) {
    const refused = refusedOf(error, CheckoutRefusals.CHECKOUT_STOPPED);
    if (refused === undefined) throw error;
    await anyway(() => closeOff(ctx, refused));
    throw error;
  }
};

const closeOff = async (ctx: Ctx, refused: Refused): Promise<void> => {
  await call(ctx, Attempt).close({ checkoutId: ctx.key, refused });
  await say(ctx, SIGNALS.opened, { refused });
  await say(ctx, SIGNALS.finished, true);
};

const buy = async (ctx: Ctx, steps: Saga<Ctx>, purchase: Purchase): Promise<void> => {
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
  const opening = { checkoutId, address, currency, lines, windowEndsAt };
  const { total, windowMs } = await steps.do(openCheckout, opening);
  const charge = { chargeId: deriveId("chg", checkoutId), checkoutId, gateway, amount: total };
  const payment = await steps.do(openCharge, charge);
  await say(ctx, SIGNALS.opened, { refused: null });
  if (payment.state !== "paid") await awaitPayment(ctx, charge.chargeId, windowMs);
  await steps.do(commitStock, { holdId });
  if (promotionHoldId !== undefined) await steps.do(redeemPromotions, { promotionHoldId });
  await steps.do(settleCharge, charge);
  const { orders } = await steps.do(placeOrders, checkoutId);
  await steps.do(finishSale, { purchase, charge, orders });
};

/** Reads everything the sale depends on, once; from here on nobody can change it. */
const freeze = async (ctx: Ctx, { checkoutId, accountId, claimedAt, basket }: Purchase) => {
  const skuIds = [...new Set(basket.lines.map(({ skuId }) => skuId))];
  const [{ skus }, address] = await RestatePromise.all([
    call(ctx, Listing).snapshot({ skuIds }),
    call(ctx, AddressBook).pick({ accountId, addressId: basket.addressId }),
  ]);
  beAsSeen(basket, skus, accountId);
  const { currency, codes } = basket;
  const quote = await call(ctx, Quote).price({
    currency,
    at: claimedAt,
    lines: quoteLines(basket, skus),
    codes,
  });
  const lines = checkoutLines({ basket, skus, quote }, (skuId) => deriveId("lin", checkoutId, skuId));
  return { lines, applied: quote.applied, address };
};

const finish = async (ctx: Ctx, { purchase, charge, orders }: Sale): Promise<void> => {
  const { accountId, checkoutId, basket } = purchase;
  const entry = captureEntry(charge, orders);
  await RestatePromise.all([
    ...(entry === undefined ? [] : [call(ctx, Wallet).post(entry)]),
    call(ctx, Cart).clear({ accountId, checkoutId, skuIds: basket.lines.map(({ skuId }) => skuId) }),
    call(ctx, Feed).append({ events: placedEvents(checkoutId, accountId, orders) }),
  ]);
  await say(ctx, SIGNALS.finished, true);
};
