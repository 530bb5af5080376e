import type { Checkout } from "@shopnexus/contracts/order/checkout";
import type { Handler } from "#modules/_kit/handler.ts";
import { SIGNALS } from "./rules.ts";

export const paid: Handler<typeof Checkout, "paid"> = async (ctx) => {
  if ((await ctx.promise(SIGNALS.paid).peek()) === undefined) await ctx.promise(SIGNALS.paid).resolve(true);
  return {};
};
