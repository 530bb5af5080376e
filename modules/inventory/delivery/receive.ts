import { Delivery } from "@shopnexus/contracts/inventory/delivery";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { serveAll } from "../backorder/allot.ts";

export const receive: Handler<typeof Delivery, "receive"> = async (ctx, delivery, { who }) => {
  const { accountId } = accountOf(who);
  const view = await call(ctx, Delivery).land({ ...delivery, sellerId: accountId });
  const skuIds = delivery.lines.map(({ skuId }) => skuId);
  await serveAll(ctx, `${delivery.purchaseId}.${delivery.deliveryId}`, skuIds);
  return view;
};
