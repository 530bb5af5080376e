import type { Refund } from "@shopnexus/contracts/order/refund";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { moveAndSay } from "./answer.ts";

export const withdraw: Handler<typeof Refund, "withdraw"> = async (ctx, _input, { who }) => {
  const by = { accountId: accountOf(who).accountId, role: "buyer" as const };
  return moveAndSay(ctx, { by, event: "withdraw", says: "" });
};
