import type * as restate from "@restatedev/restate-sdk";
import { Backorder } from "@shopnexus/contracts/inventory/backorder";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";

export const allot: Handler<typeof Backorder, "allot"> = async (ctx, { skuIds }) => {
  await serveAll(ctx, ctx.request().id, skuIds);
  return {};
};

/** Serves until nobody is left who can be, and tells each line's order; how many lines it served. */
export const serveAll = async (
  ctx: restate.Context,
  reference: string,
  skuIds: string[],
): Promise<number> => {
  let servedCount = 0;
  for (let round = 1; ; round += 1) {
    const ask = { reference: `${reference}/${round}`, skuIds };
    const { served, isFull } = await call(ctx, Backorder).serve(ask);
    for (const { orderId, lineId } of served) send(ctx, Fulfilment, orderId).stocked({ lineId });
    servedCount += served.length;
    if (!isFull) return servedCount;
  }
};
