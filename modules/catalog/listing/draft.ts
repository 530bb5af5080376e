import { Listing } from "@shopnexus/contracts/catalog/listing";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { call } from "#modules/_kit/call.ts";
import { newId } from "#modules/_kit/derive.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";

export const draft: Handler<typeof Listing, "draft"> = async (ctx, input, { who }) => {
  const sellerId = accountOf(who).accountId;
  const listingId = newId(ctx, "lst", await ctx.date.now());
  const drafted = await call(ctx, Listing).record({ listingId, sellerId, ...input });
  await call(ctx, Stock).open({ sellerId, skuIds: drafted.skus.map(({ skuId }) => skuId) });
  return drafted;
};
