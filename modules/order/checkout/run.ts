import type { WorkflowContext } from "@restatedev/restate-sdk";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import type { In } from "@shopnexus/contracts/kit/contract";
import { subtract } from "@shopnexus/contracts/kit/money";
import type { Refused } from "@shopnexus/contracts/kit/refusal";
import { epochMs, instant } from "@shopnexus/contracts/kit/time";
import { Attempt } from "@shopnexus/contracts/order/attempt";
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
import { refusedOf } from "#modules/_kit/terminal.ts";
import { beAsSeen, walletPartOf } from "../_kit/basket.ts";
import { freeze } from "../_kit/freeze.ts";
import { claimsOf, type PiecesOf, putBack, sellPieces, setAside, takeBack } from "../_kit/pieces.ts";
import { type Bought, finish } from "../_kit/sale.ts";
import { postReturn } from "../charge/receive.ts";
import { payByAttempts } from "./paid.ts";
import { holdLines, holdShares, SIGNALS } from "./rules.ts";

type Ctx = WorkflowContext;

// The pairs, in running order. All that may still refuse stands before the pivot.

const holdPromotions = pair("hold promotions", {
  do: (ctx: Ctx, input: In<typeof Promotion, "hold">) => call(ctx, Promotion).hold(input),
  undo: (ctx, { promotionHoldId }) => call(ctx, Promotion).free({ promotionHoldId }),
});
const reserveStock = pair("reserve stock", {
  do: (ctx: Ctx, pieces: PiecesOf) => setAside(ctx, pieces),
  undo: (ctx, pieces) => putBack(ctx, pieces),
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
  do: (ctx: Ctx, pieces: PiecesOf) => sellPieces(ctx, pieces),
  undo: (ctx, pieces) => takeBack(ctx, pieces),
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
  do: async (ctx: Ctx, bought: Bought) => {
    await finish(ctx, bought);
    await say(ctx, SIGNALS.finished, true);
  },
  undo: nothing("the sale is certain"),
});

type Purchase = In<typeof Checkout, "run"> & { checkoutId: string; pollMs: number };

export const run: Handler<typeof Checkout, "run"> = async (ctx, input, { settings }) => {
  const purchase = { checkoutId: ctx.key, ...input, pollMs: settings.deadlines.pollMs };
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
  const { checkoutId, accountId, basket } = purchase;
  const { pieces, promotionHoldId, opened, wallet } = await prepare(ctx, steps, purchase);
  const { total, ...window } = opened;
  const bill = { checkoutId, gateway: basket.gateway, amount: subtract(total, wallet), ...window };
  const charge = await payByAttempts(ctx, { steps, openCharge, bill, pollMs: purchase.pollMs });
  await steps.do(commitStock, pieces);
  if (promotionHoldId !== undefined) await steps.do(redeemPromotions, { promotionHoldId });
  await steps.do(settleCharge, charge);
  const { orders } = await steps.do(placeOrders, checkoutId);
  for (const { orderId } of orders) send(ctx, Fulfilment, orderId).run({});
  await steps.do(finishSale, { checkoutId, basket, sale: { charge, accountId, wallet, orders } });
};

/** Everything that is set aside before the buyer is asked to pay. */
const prepare = async (ctx: Ctx, steps: Saga<Ctx>, purchase: Purchase) => {
  const { checkoutId, accountId, claimedAt, basket } = purchase;
  const { lines, groups, applied, address, wallet } = await frozen(ctx, purchase);
  const promotionHoldId = applied.length > 0 ? deriveId("phd", checkoutId) : undefined;
  if (promotionHoldId !== undefined) {
    await steps.do(holdPromotions, { promotionHoldId, accountId, shares: holdShares(applied) });
  }
  const orderIdOf = (sellerId: string) => deriveId("ord", checkoutId, sellerId);
  const pieces = {
    hold: { holdId: deriveId("hld", checkoutId), lines: holdLines(lines, basket, orderIdOf) },
    claims: claimsOf(basket.lines, purchase),
  };
  const backordered = await steps.do(reserveStock, pieces);
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
  return { pieces, promotionHoldId, wallet, opened: { ...opened, windowEndsAt } };
};

/** Reads everything the sale depends on, once; from here on nobody can change it. */
const frozen = async (ctx: Ctx, { checkoutId, accountId, claimedAt, basket }: Purchase) => {
  const lineIdOf = (skuId: string) => deriveId("lin", checkoutId, skuId);
  const all = await freeze(ctx, { accountId, at: claimedAt, basket, lineIdOf });
  beAsSeen({ basket, ...all });
  return { ...all, wallet: walletPartOf(basket, all.total) };
};
