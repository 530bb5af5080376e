import { Charge } from "@shopnexus/contracts/order/charge";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { returnEntries } from "../checkout/rules.ts";

export const receive: Handler<typeof Charge, "receive"> = async (ctx, input) => {
  const { charge, next } = await call(ctx, Charge).record(input);
  if (charge === null) return {};
  if (next === "signal") send(ctx, Checkout, charge.checkoutId).paid({});
  if (next === "return") {
    const { returned } = await call(ctx, Charge).void(charge);
    for (const entry of returnEntries(charge, returned)) await call(ctx, Wallet).post(entry);
  }
  return {};
};
