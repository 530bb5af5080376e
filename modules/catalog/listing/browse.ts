import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { Listing } from "@shopnexus/contracts/catalog/listing";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import type { Db } from "#db/_kit/database.ts";
import { listing, sku } from "#db/catalog/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { listingIn } from "./rules.ts";

export const browse: Step<typeof Listing, "browse"> = async (
  { category, after, limit = PAGE_LIMIT },
  { db },
) => {
  const rows = await listCards(db, { category, before: listingIn(after), limit: limit + 1 });
  const { items, next } = cutPage(rows, limit, ({ listingId }) => listingId);
  return { items: items.map(cardOf), ...(next !== undefined && { next }) };
};

type Ask = {
  readonly category: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
};

/** Newest first by id, which carries its time. Leans on listing_newest, or listing_newest_of_category. */
const listCards = (tx: Db, { category, before, limit }: Ask) => {
  const lowest = tx
    .select({ minor: sku.priceMinor, currency: sku.currency })
    .from(sku)
    .where(eq(sku.listingId, listing.listingId))
    .orderBy(sku.priceMinor, sku.position)
    .limit(1)
    .as("lowest");
  return tx
    .select({
      listingId: listing.listingId,
      title: listing.title,
      category: listing.categorySlug,
      minor: lowest.minor,
      currency: lowest.currency,
    })
    .from(listing)
    .innerJoinLateral(lowest, sql`true`)
    .where(
      and(
        eq(listing.state, sql`'published'`),
        category === undefined ? undefined : eq(listing.categorySlug, category),
        before === undefined ? undefined : lt(listing.listingId, before),
      ),
    )
    .orderBy(desc(listing.listingId))
    .limit(limit);
};

type Row = Awaited<ReturnType<typeof listCards>>[number];

const cardOf = ({ minor, currency, ...card }: Row) => ({ ...card, from: { minor, currency } });
