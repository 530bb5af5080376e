import { Shelf } from "@shopnexus/contracts/inventory/shelf";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { serveAll } from "../backorder/allot.ts";

export const adjust: Handler<typeof Shelf, "adjust"> = async (ctx, adjustment, { who }) => {
  const { accountId } = accountOf(who);
  const { skuId, adjustmentId } = adjustment;
  const level = await call(ctx, Shelf).correct({ sellerId: accountId, ...adjustment });
  if (adjustment.delta < 0) return level;
  const servedCount = await serveAll(ctx, `${adjustmentId}/adjust`, [skuId]);
  return servedCount === 0 ? level : call(ctx, Stock).level({ skuId });
};
