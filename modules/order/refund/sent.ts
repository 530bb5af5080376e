import type { Refund } from "@shopnexus/contracts/order/refund";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { moveAndSay } from "./answer.ts";

export const sent: Handler<typeof Refund, "sent"> = async (ctx, { how }, { who }) => {
  const by = { accountId: accountOf(who).accountId, role: "buyer" as const };
  return moveAndSay(ctx, { by, event: "send", says: how });
};
