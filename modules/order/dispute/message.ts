import { Mail } from "@shopnexus/contracts/common/mail";
import { Dispute } from "@shopnexus/contracts/order/dispute";
import { call } from "#modules/_kit/call.ts";
import { newId } from "#modules/_kit/derive.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { accountOf } from "#modules/_kit/principal.ts";

export const message: Handler<typeof Dispute, "message"> = async (ctx, input, { who }) => {
  const { accountId, roles } = accountOf(who);
  const messageId = newId(ctx, "msg", await ctx.date.now());
  const author = { accountId, isOperator: roles.includes("operator") };
  const { message: written, dispute } = await call(ctx, Dispute).write({ ...input, messageId, author });
  const { disputeId, orderId, buyerId, sellerId } = dispute;
  const data = { orderId, disputeId, message: input.says };
  for (const party of [buyerId, sellerId].filter((one) => one !== accountId)) {
    const messageKey = `${messageId}/${party}`;
    send(ctx, Mail).post({ messageKey, to: { accountId: party }, template: "dispute_message", data });
  }
  return written;
};
