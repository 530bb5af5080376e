import type { Payout } from "@shopnexus/contracts/order/payout";
import type { Handler } from "#modules/_kit/handler.ts";
import { lookAt } from "./look.ts";

/** Each look waits twice as long as the one before: from an hour to more than ten days, in all. */
const LOOK_COUNT = 8;

export const watch: Handler<typeof Payout, "watch"> = async (ctx, _input, { settings }) => {
  for (let turn = 0; turn < LOOK_COUNT; turn += 1) {
    await ctx.sleep(settings.deadlines.transferMs * 2 ** turn);
    if (!(await lookAt(ctx))) return {};
  }
  return {};
};
