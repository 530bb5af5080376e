import type { Checkout } from "@shopnexus/contracts/order/checkout";
import type { Handler } from "#modules/_kit/handler.ts";
import { say } from "#modules/_kit/say.ts";
import { declinedSignal } from "./rules.ts";

export const declined: Handler<typeof Checkout, "declined"> = async (ctx, { chargeId }) => {
  await say(ctx, declinedSignal(chargeId), true);
  return {};
};
