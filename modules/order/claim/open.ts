import { Claim } from "@shopnexus/contracts/order/claim";
import { Refund } from "@shopnexus/contracts/order/refund";
import { call } from "#modules/_kit/call.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { isOver } from "./rules.ts";

/** Recorded here, so that a refusal binds nobody: the same key may be tried again. The run begins with the same record. */
export const open: Handler<typeof Claim, "open"> = async (ctx, input, { who }) => {
  const { accountId } = accountOf(who);
  const refundId = deriveId("rfd", input.orderId, accountId, input.claimKey);
  const order = { refundId, accountId, ...input };
  const { claim } = await call(ctx, Claim).record(order);
  if (!isOver(claim.state)) send(ctx, Refund, refundId).run(order);
  return claim;
};
