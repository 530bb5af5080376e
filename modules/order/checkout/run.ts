import { RestatePromise, type WorkflowContext } from "@restatedev/restate-sdk";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Mail } from "@shopnexus/contracts/common/mail";
import { Backorder } from "@shopnexus/contracts/inventory/backorder";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Supply } from "@shopnexus/contracts/inventory/supply";
import type { In } from "@shopnexus/contracts/kit/contract";
import { type Money, subtract } from "@shopnexus/contracts/kit/money";
import type { Refused } from "@shopnexus/contracts/kit/refusal";
import { epochMs, instant } from "@shopnexus/contracts/kit/time";
import { Attempt } from "@shopnexus/contracts/order/attempt";
import type { Basket } from "@shopnexus/contracts/order/basket";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Charge } from "@shopnexus/contracts/order/charge";
import { type Checkout, CheckoutRefusals, PAYMENT_WINDOW_MS } from "@shopnexus/contracts/order/checkout";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import type { ChargeOrder } from "@shopnexus/contracts/order/payment";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { call } from "#modules/_kit/call.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { anyway, nothing, pair, pivot, type Saga, saga } from "#modules/_kit/saga.ts";
import { send } from "#modules/_kit/peer.ts";
import { say } from "#modules/_kit/say.ts";
import type { Settings } from "#modules/_kit/settings.ts";
import { refusedOf } from "#modules/_kit/terminal.ts";
import { beAsSeen, walletPartOf } from "../_kit/basket.ts";
import { freeze } from "../_kit/freeze.ts";
import { postReturn } from "../charge/receive.ts";
import { payByAttempts } from "./paid.ts";
import { captureEntry, holdLines, letters, placedEvents, SIGNALS, type Sale } from "./rules.ts";

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
const holdWalletPart = pair("hold wallet part", {
  do: (ctx: Ctx, input: In<typeof Wallet, "hold">) => call(ctx, Wallet).hold(input),
  undo: (ctx, { walletHoldId }) => call(ctx, Wallet).free({ walletHoldId }),
});
/** Once an attempt to pay: each has an undo of its own. */
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
  do: (ctx: Ctx, bought: Bought) => finish(ctx, bought),
  undo: nothing("the sale is certain"),
});

type Bought = { purchase: Purchase; sale: Sale };
type Purchase = {
  checkoutId: string;
  accountId: string;
  claimedAt: string;
  basket: Basket;
  pollMs: number;
};

export const run: Handler<typeof Checkout, "run"> = async (ctx, input, { settings }) => {
  const purchase = { checkoutId: ctx.key, ...input, pollMs: pollMsOf(settings) };
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

const pollMsOf = ({ deadlines }: Settings): number => deadlines.pollMs;

const closeOff = async (ctx: Ctx, refused: Refused): Promise<void> => {
  await call(ctx, Attempt).close({ checkoutId: ctx.key, refused });
  await say(ctx, SIGNALS.opened, { refused });
  await say(ctx, SIGNALS.finished, true);
};

const buy = async (ctx: Ctx, steps: Saga<Ctx>, purchase: Purchase): Promise<void> => {
  const { checkoutId, accountId, basket } = purchase;
  const holdId = deriveId("hld", checkoutId);
  const { promotionHoldId, opened, wallet } = await prepare(ctx, steps, purchase);
  const { total, windowMs, windowEndsAt } = opened;
  const amount = subtract(total, wallet);
  const bill = { checkoutId, gateway: basket.gateway, amount, windowMs, windowEndsAt };
  const charge = await payByAttempts(ctx, { steps, openCharge, bill, pollMs: purchase.pollMs });
  await steps.do(commitStock, { holdId });
  if (promotionHoldId !== undefined) await steps.do(redeemPromotions, { promotionHoldId });
  await steps.do(settleCharge, charge);
  const { orders } = await steps.do(placeOrders, checkoutId);
  for (const { orderId } of orders) send(ctx, Fulfilment, orderId).run({});
  await steps.do(finishSale, { purchase, sale: { charge, accountId, wallet, orders } });
};

/** Everything that is set aside before the buyer is asked to pay. */
const prepare = async (ctx: Ctx, steps: Saga<Ctx>, purchase: Purchase) => {
  const { checkoutId, accountId, claimedAt, basket } = purchase;
  const { lines, groups, applied, address, wallet } = await frozen(ctx, purchase);
  const promotionHoldId = applied.length > 0 ? deriveId("phd", checkoutId) : undefined;
  if (promotionHoldId !== undefined) {
    const shares = applied.map(({ promotionId, amount }) => ({ promotionId, amount }));
    await steps.do(holdPromotions, { promotionHoldId, shares });
  }
  const orderIdOf = (sellerId: string) => deriveId("ord", checkoutId, sellerId);
  const { backordered } = await steps.do(reserveStock, {
    holdId: deriveId("hld", checkoutId),
    lines: holdLines(lines, basket.stock ?? "whole", orderIdOf),
  });
  const windowEndsAt = instant(epochMs(claimedAt) + PAYMENT_WINDOW_MS);
  const opened = await steps.do(openCheckout, {
    checkoutId,
    address,
    currency: basket.currency,
    lines: lines.map((line) => ({ ...line, isBackordered: backordered.includes(line.skuId) })),
    groups: groups.map(({ group }) => group),
    wallet,
    windowEndsAt,
  });
  if (wallet.minor > 0) {
    const walletHoldId = deriveId("whd", checkoutId);
    await steps.do(holdWalletPart, { walletHoldId, accountId, amount: wallet, reference: checkoutId });
  }
  return { promotionHoldId, wallet, opened: { ...opened, windowEndsAt } };
};

/** Reads everything the sale depends on, once; from here on nobody can change it. */
const frozen = async (ctx: Ctx, { checkoutId, accountId, claimedAt, basket }: Purchase) => {
  const lineIdOf = (skuId: string) => deriveId("lin", checkoutId, skuId);
  const all = await freeze(ctx, { accountId, at: claimedAt, basket, lineIdOf });
  beAsSeen({ basket, ...all });
  const wallet: Money = walletPartOf(basket, all.total);
  return { ...all, wallet };
};

const finish = async (ctx: Ctx, { purchase, sale }: Bought): Promise<void> => {
  const { accountId, checkoutId, basket } = purchase;
  const entry = captureEntry(sale);
  const walletHoldId = deriveId("whd", checkoutId);
  const post = () =>
    entry === undefined
      ? []
      : sale.wallet.minor > 0
        ? [call(ctx, Wallet).spend({ walletHoldId, ...entry })]
        : [call(ctx, Wallet).post(entry)];
  const skuIds = basket.lines.map(({ skuId }) => skuId);
  await RestatePromise.all([
    ...post(),
    ...(basket.buyNow ? [] : [call(ctx, Cart).clear({ accountId, checkoutId, skuIds })]),
    call(ctx, Feed).append({ events: placedEvents(checkoutId, accountId, sale.orders) }),
  ]);
  tellOthers(ctx, accountId, { checkoutId, skuIds, orders: sale.orders });
  await say(ctx, SIGNALS.finished, true);
};

type News = { checkoutId: string; skuIds: string[]; orders: Sale["orders"] };

/** Each has a key of its own: whoever is told twice does it once. */
const tellOthers = (ctx: Ctx, accountId: string, { checkoutId, skuIds, orders }: News): void => {
  for (const order of orders) {
    for (const letter of letters(accountId, order)) send(ctx, Mail).post(letter);
    if (order.items.some(({ isBackordered }) => isBackordered))
      send(ctx, Backorder).admit({ orderId: order.orderId });
  }
  send(ctx, Supply).watch({ skuIds, reference: checkoutId });
};
