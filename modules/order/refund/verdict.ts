import type { Refund } from "@shopnexus/contracts/order/refund";
import type { Handler } from "#modules/_kit/handler.ts";
import { say } from "#modules/_kit/say.ts";
import { newsOf } from "./rules.ts";

export const verdict: Handler<typeof Refund, "verdict"> = async (ctx, { version }) => {
  await say(ctx, newsOf(version), true);
  return {};
};
