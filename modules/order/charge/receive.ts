import type { Out } from "@shopnexus/contracts/kit/contract";
import { Charge, type Verdict } from "@shopnexus/contracts/order/charge";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Dispute } from "@shopnexus/contracts/order/dispute";
import type { ChargeOrder } from "@shopnexus/contracts/order/payment";
import { Payout } from "@shopnexus/contracts/order/payout";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import type { Context } from "@restatedev/restate-sdk";
import { call, type CallContext } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { returnEntries } from "../checkout/rules.ts";

export const receive: Handler<typeof Charge, "receive"> = async (ctx, input) => {
  const { heard, chargeback, payoutId, ...verdict } = await call(ctx, Charge).record(input);
  if (chargeback !== null) send(ctx, Dispute).chargeback(chargeback);
  if (payoutId !== undefined) send(ctx, Payout, payoutId).look({});
  await follow(ctx, verdict);
  return { heard };
};

/** What a verdict asks for, once it is written down: the checkout hears of it, or the money goes back. */
export const follow = async (ctx: Context, { charge, next }: Verdict): Promise<void> => {
  if (charge === null) return;
  const { chargeId, checkoutId } = charge;
  if (next === "signal") send(ctx, Checkout, checkoutId).paid({ chargeId });
  if (next === "renew") send(ctx, Checkout, checkoutId).declined({ chargeId });
  if (next === "return") await postReturn(ctx, charge, await call(ctx, Charge).void(charge));
};

/** Money that came in for nothing and was given back: both facts go to the ledger. */
export const postReturn = async (
  ctx: CallContext,
  order: ChargeOrder,
  { returned }: Out<typeof Charge, "void">,
): Promise<void> => {
  for (const entry of returnEntries(order, returned)) await call(ctx, Wallet).post(entry);
};
