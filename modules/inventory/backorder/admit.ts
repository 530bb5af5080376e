import { Backorder } from "@shopnexus/contracts/inventory/backorder";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { serveAll } from "./allot.ts";

export const admit: Handler<typeof Backorder, "admit"> = async (ctx, { orderId }) => {
  const { skuIds } = await call(ctx, Backorder).enqueue({ orderId });
  if (skuIds.length > 0) await serveAll(ctx, orderId, skuIds);
  return {};
};
