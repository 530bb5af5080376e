import type { Refund } from "@shopnexus/contracts/order/refund";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { moveAndSay } from "./answer.ts";

export const inspect: Handler<typeof Refund, "inspect"> = async (ctx, input, { who }) => {
  const { finding, isSellable, says } = input;
  const by = { accountId: accountOf(who).accountId, role: "seller" as const };
  return moveAndSay(ctx, { by, event: finding === "ok" ? "approve" : "contest", says, isSellable });
};
