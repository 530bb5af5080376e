import { Mail } from "@shopnexus/contracts/common/mail";
import { Hook } from "@shopnexus/contracts/inventory/hook";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { orderLetter } from "../purchase/rules.ts";

export const resend: Handler<typeof Hook, "resend"> = async (ctx, { purchaseId }, { who }) => {
  const { accountId } = accountOf(who);
  const { view, email, code } = await call(ctx, Hook).reopen({ purchaseId, sellerId: accountId });
  if (view.channel === "webhook") send(ctx, Hook).post({ purchaseId, event: "sent" });
  else send(ctx, Mail).post(orderLetter(email, code, view));
  return view;
};
