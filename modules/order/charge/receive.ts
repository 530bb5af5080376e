import type { Out } from "@shopnexus/contracts/kit/contract";
import { Charge } from "@shopnexus/contracts/order/charge";
import type { ChargeOrder } from "@shopnexus/contracts/order/payment";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { call, type CallContext } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { returnEntries } from "../checkout/rules.ts";

export const receive: Handler<typeof Charge, "receive"> = async (ctx, input) => {
  const { charge, next } = await call(ctx, Charge).record(input);
  if (charge === null) return {};
  if (next === "signal") send(ctx, Checkout, charge.checkoutId).paid({});
  if (next === "return") await postReturn(ctx, charge, await call(ctx, Charge).void(charge));
  return {};
};

/** Money that came in for nothing and was given back: both facts go to the ledger. */
export const postReturn = async (
  ctx: CallContext,
  order: ChargeOrder,
  { returned }: Out<typeof Charge, "void">,
): Promise<void> => {
  for (const entry of returnEntries(order, returned)) await call(ctx, Wallet).post(entry);
};
