import { Dispute } from "@shopnexus/contracts/order/dispute";
import { Refund } from "@shopnexus/contracts/order/refund";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { accountOf } from "#modules/_kit/principal.ts";

/** The run of the claim tells both parties what was decided. */
export const decide: Handler<typeof Dispute, "decide"> = async (ctx, input, { who }) => {
  const { accountId } = accountOf(who);
  const { before, dispute } = await call(ctx, Dispute).judge({ ...input, accountId });
  send(ctx, Refund, dispute.refundId).verdict({ version: before });
  return dispute;
};
