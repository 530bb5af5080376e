import { Ticket } from "@shopnexus/contracts/inventory/ticket";
import { call } from "#modules/_kit/call.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";

export const enter: Handler<typeof Ticket, "enter"> = async (ctx, { attemptId, ...ask }, { who }) => {
  const { accountId } = accountOf(who);
  const ticketId = deriveId("tkt", ask.dropId, accountId, attemptId);
  return call(ctx, Ticket).admit({ ticketId, accountId, ...ask });
};
