import type { WorkflowContext } from "@restatedev/restate-sdk";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Backorder } from "@shopnexus/contracts/inventory/backorder";
import { Serial } from "@shopnexus/contracts/inventory/serial";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import type { In } from "@shopnexus/contracts/kit/contract";
import { isRefusal, refuse } from "@shopnexus/contracts/kit/refusal";
import type { Booking } from "@shopnexus/contracts/order/carriage";
import { Claim, ClaimRefusals } from "@shopnexus/contracts/order/claim";
import type { ClaimOrder, ClaimPayment, ClaimView } from "@shopnexus/contracts/order/complaint";
import type { Refund } from "@shopnexus/contracts/order/refund";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import { call } from "#modules/_kit/call.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { anyway, nothing, pair, pivot, type Saga, saga } from "#modules/_kit/saga.ts";
import { refusedOf } from "#modules/_kit/terminal.ts";
import { payBack } from "../_kit/pay-back.ts";
import { awaitDecision, type Teller, tellNews } from "./verdict.ts";

type Ctx = WorkflowContext;
type Paying = { readonly claim: ClaimView; readonly payment: ClaimPayment };

// The pairs, in running order. After the second it waits for the parties, as long as they have time.

const openClaim = pair("open claim", {
  do: (ctx: Ctx, order: ClaimOrder) => call(ctx, Claim).record(order),
  undo: (ctx, order) => call(ctx, Claim).void(order),
});
const freezeShare = pair("freeze share", {
  do: (ctx: Ctx, hold: In<typeof Wallet, "hold">) => call(ctx, Wallet).hold(hold),
  undo: (ctx, { walletHoldId }) => call(ctx, Wallet).free({ walletHoldId }),
});
// Where the seller wants the goods back; as often as a carrier does not answer.
const bookReturn = pair("book return", {
  do: (ctx: Ctx, booking: Booking) => call(ctx, Shipment).book(booking),
  undo: (ctx, { shipmentId }) => call(ctx, Shipment).unbook({ shipmentId }),
});
const acceptClaim = pivot("accept claim", {
  do: (ctx: Ctx, ref: In<typeof Claim, "pay">) => call(ctx, Claim).pay(ref),
});
// The seller's wallet may be short for a moment: never is it fuller than it should be.
const payTheBuyer = pair("pay back", {
  do: (ctx: Ctx, paying: Paying) => payBuyer(ctx, paying),
  undo: nothing("the buyer was promised it"),
});
const thawShare = pair("thaw share", {
  do: (ctx: Ctx, ref: In<typeof Wallet, "free">) => call(ctx, Wallet).free(ref),
  undo: nothing("the claim is decided"),
});
const takeGoodsBack = pair("take goods back", {
  do: (ctx: Ctx, paying: Paying) => restock(ctx, paying),
  undo: nothing("the seller has them"),
});
const settleLines = pair("settle lines", {
  do: (ctx: Ctx, ref: In<typeof Claim, "settle">) => call(ctx, Claim).settle(ref),
  undo: nothing("the claim is decided"),
});

export const run: Handler<typeof Refund, "run"> = async (ctx, order, { settings }) => {
  const teller = { seen: 0, settings };
  try {
    await saga(ctx, (steps) => refund({ ctx, steps, teller }, order));
    await anyway(() => tellNews(ctx, ctx.key, teller));
    return {};
  } catch (error) {
    if (refusedOf(error, ClaimRefusals.CLAIM_VOIDED) === undefined) throw error;
    await anyway(() => tellNews(ctx, ctx.key, teller));
    // The parties ended it, and everything is undone: an answer, and no failure of the run.
    if (isRefusal(error, ClaimRefusals.CLAIM_DECIDED)) return {};
    throw error;
  }
};

type Refunding = { readonly ctx: Ctx; readonly steps: Saga<Ctx>; readonly teller: Teller };

const refund = async ({ ctx, steps, teller }: Refunding, order: ClaimOrder): Promise<void> => {
  const { refundId } = order;
  const { claim, share } = await steps.do(openClaim, order);
  const walletHoldId = deriveId("whd", refundId);
  const hold = {
    accountId: claim.sellerId,
    amount: share,
    reference: claim.orderId,
    overdraws: true as const,
  };
  await steps.do(freezeShare, { walletHoldId, ...hold });
  const book = (booking: Booking) => steps.do(bookReturn, booking);
  const decided = await awaitDecision({ ctx, teller, book }, refundId);
  if (decided.state !== "accepted") throw refuse(ClaimRefusals.CLAIM_DECIDED, { state: decided.state });
  const payment = await steps.do(acceptClaim, { refundId });
  await steps.do(payTheBuyer, { claim, payment });
  await steps.do(thawShare, { walletHoldId });
  await steps.do(takeGoodsBack, { claim, payment });
  await steps.do(settleLines, { refundId });
  const { shipmentId } = decided;
  // What nobody has handed over is called off; a parcel that is on its way goes on.
  if (shipmentId !== null) await anyway(() => call(ctx, Shipment).unbook({ shipmentId }));
};

const payBuyer = async (ctx: Ctx, { claim, payment }: Paying): Promise<void> => {
  const { orderId, refundId } = claim;
  const { checkoutId, amount, seller, totals } = payment;
  const { accountId: sellerId, currency: sellerCurrency, rate: sellerRate } = seller;
  const party = { orderId, sellerId, currency: amount.currency, sellerCurrency, sellerRate };
  await payBack(ctx, { key: refundId, checkoutId, party, totals });
};

const restock = async (ctx: Ctx, { claim, payment }: Paying): Promise<void> => {
  const { goods, wholeLineIds } = payment;
  if (goods.length === 0) return;
  await call(ctx, Stock).unsell({ reference: claim.refundId, lines: goods });
  for (const lineId of wholeLineIds) await call(ctx, Serial).putBack({ lineId });
  send(ctx, Backorder).allot({ skuIds: goods.map(({ skuId }) => skuId) });
};
