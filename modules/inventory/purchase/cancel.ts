import { Mail } from "@shopnexus/contracts/common/mail";
import { Hook } from "@shopnexus/contracts/inventory/hook";
import { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { cancelLetter } from "./rules.ts";

export const cancel: Handler<typeof Purchase, "cancel"> = async (ctx, { purchaseId }, { who }) => {
  const { accountId } = accountOf(who);
  const { view, email, isHooked } = await call(ctx, Purchase).close({ purchaseId, sellerId: accountId });
  if (email !== null) send(ctx, Mail).post(cancelLetter(email, view));
  if (isHooked) send(ctx, Hook).post({ purchaseId, event: "cancelled" });
  return view;
};
