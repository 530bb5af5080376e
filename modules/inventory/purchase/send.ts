import { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { PurchaseOrder } from "@shopnexus/contracts/inventory/purchase-order";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send as tell } from "#modules/_kit/peer.ts";
import { accountOf } from "#modules/_kit/principal.ts";

/** A workflow runs once a key: sent twice, it is watched over once. */
export const send: Handler<typeof Purchase, "send"> = async (ctx, { purchaseId }, { who }) => {
  const { accountId } = accountOf(who);
  const view = await call(ctx, Purchase).issue({ purchaseId, sellerId: accountId });
  tell(ctx, PurchaseOrder, purchaseId).run({});
  return view;
};
