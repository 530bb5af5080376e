import { Stock } from "@shopnexus/contracts/inventory/stock";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { serveAll } from "../backorder/allot.ts";

export const receive: Handler<typeof Stock, "receive"> = async (ctx, receipt, { who }) => {
  const { accountId } = accountOf(who);
  const booked = await call(ctx, Stock).book({ sellerId: accountId, ...receipt });
  const servedCount = await serveAll(ctx, receipt.receiptId, [receipt.skuId]);
  return servedCount === 0 ? booked : call(ctx, Stock).level({ skuId: receipt.skuId });
};
