/** SQL that the verbs of listings share. */
import { and, asc, eq, sql } from "drizzle-orm";
import { ListingRefusals } from "@shopnexus/contracts/catalog/listing";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Db, Tx } from "#db/_kit/database.ts";
import { listing, sku } from "#db/catalog/tables.ts";
import type { ListingRow, SkuRow } from "./rules.ts";

/** The listing under this id. Leans on listing_pkey. */
export const findListing = async (tx: Tx | Db, listingId: string): Promise<ListingRow | undefined> => {
  const rows = await tx.select().from(listing).where(eq(listing.listingId, listingId));
  return rows[0];
};

/** Its SKUs as the seller ordered them. Leans on sku_code_once_a_listing. */
export const listSkus = (tx: Tx | Db, listingId: string): Promise<SkuRow[]> =>
  tx.select().from(sku).where(eq(sku.listingId, listingId)).orderBy(asc(sku.position));

export type Turn = {
  readonly listingId: string;
  readonly sellerId: string;
  readonly to: "published" | "hidden";
};

/** Turns a listing of this seller's; somebody else's is as unknown as none. Leans on listing_pkey. */
export const turnListing = async (tx: Tx | Db, { listingId, sellerId, to }: Turn): Promise<void> => {
  const since = to === "published" ? listing.publishedAt : listing.hiddenAt;
  // A repeat keeps the time of the first.
  const turnedAt = sql`case when ${listing.state} = ${to} then ${since} else now() end`;
  const own = and(eq(listing.listingId, listingId), eq(listing.sellerId, sellerId));
  const turned = await tx
    .update(listing)
    .set({ state: to, ...(to === "published" ? { publishedAt: turnedAt } : { hiddenAt: turnedAt }) })
    .where(own)
    .returning({ listingId: listing.listingId });
  if (turned.length === 0) throw refuse(ListingRefusals.LISTING_UNKNOWN, {});
};
