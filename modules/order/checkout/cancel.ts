import type { Checkout } from "@shopnexus/contracts/order/checkout";
import type { Handler } from "#modules/_kit/handler.ts";
import { say } from "#modules/_kit/say.ts";
import { findOwn } from "./status.ts";
import { SIGNALS } from "./rules.ts";

export const cancel: Handler<typeof Checkout, "cancel"> = async (ctx, _input, { who }) => {
  await findOwn(ctx, who);
  await say(ctx, SIGNALS.cancelled, true);
  return {};
};
