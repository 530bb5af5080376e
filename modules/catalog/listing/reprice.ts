import { and, eq, sql } from "drizzle-orm";
import { type Listing, ListingRefusals } from "@shopnexus/contracts/catalog/listing";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { listing, sku } from "#db/catalog/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";

/** One conditional statement: the SKU, and that it is the caller's. Leans on sku_pkey, listing_pkey. */
export const reprice: Step<typeof Listing, "reprice"> = async ({ skuId, price }, { db, who }) => {
  const own = and(eq(listing.listingId, sku.listingId), eq(listing.sellerId, accountOf(who).accountId));
  const repriced = await db
    .update(sku)
    .set({ priceMinor: price.minor, currency: price.currency, repricedAt: sql`now()` })
    .from(listing)
    .where(and(eq(sku.skuId, skuId), own))
    .returning({ skuId: sku.skuId });
  if (repriced.length === 0) throw refuse(ListingRefusals.SKU_UNAVAILABLE, { skuIds: [skuId] });
  return {};
};
