import type { Checkout } from "@shopnexus/contracts/order/checkout";
import type { Refused } from "@shopnexus/contracts/kit/refusal";
import type { Handler } from "#modules/_kit/handler.ts";
import { SIGNALS } from "./rules.ts";

export const opened: Handler<typeof Checkout, "opened"> = async (ctx) =>
  ctx.promise<{ refused: Refused | null }>(SIGNALS.opened).get();
