import type { Payout } from "@shopnexus/contracts/order/payout";
import type { Handler } from "#modules/_kit/handler.ts";
import { SIGNALS } from "./rules.ts";

export const opened: Handler<typeof Payout, "opened"> = async (ctx) => {
  await ctx.promise(SIGNALS.opened).get();
  return {};
};
