import type { Checkout } from "@shopnexus/contracts/order/checkout";
import type { Handler } from "#modules/_kit/handler.ts";
import { findOwn } from "./status.ts";
import { SIGNALS } from "./rules.ts";

export const cancel: Handler<typeof Checkout, "cancel"> = async (ctx, _input, { who }) => {
  await findOwn(ctx, who);
  if ((await ctx.promise(SIGNALS.cancelled).peek()) === undefined) await ctx.promise(SIGNALS.cancelled).resolve(true);
  return {};
};
