import { eq } from "drizzle-orm";
import { CategoryRefusals } from "@shopnexus/contracts/catalog/category";
import type { Listing } from "@shopnexus/contracts/catalog/listing";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { category, listing, sku } from "#db/catalog/tables.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { findListing, listSkus } from "./rows.ts";
import { refuseCodesTwice, viewOf } from "./rules.ts";

export const record: Step<typeof Listing, "record"> = async (drafted, { db }) => {
  refuseCodesTwice(drafted.skus);
  return inTransaction(db, async (tx) => {
    if (await insertListing(tx, drafted)) await insertSkus(tx, drafted);
    const written = await findListing(tx, drafted.listingId);
    if (written === undefined) throw refuse(CategoryRefusals.CATEGORY_UNKNOWN, {});
    return viewOf(written, await listSkus(tx, drafted.listingId));
  });
};

type Drafted = In<typeof Listing, "record">;

/** Writes the listing once, and only under a category that there is. Leans on listing_pkey, category_slug_once. */
const insertListing = async (tx: Tx, drafted: Drafted): Promise<boolean> => {
  const known = await tx
    .select({ slug: category.slug })
    .from(category)
    .where(eq(category.slug, drafted.category));
  if (known.length === 0) return false;
  const inserted = await tx
    .insert(listing)
    .values({
      listingId: drafted.listingId,
      sellerId: drafted.sellerId,
      categorySlug: drafted.category,
      title: drafted.title,
      description: drafted.description,
      brand: drafted.brand ?? null,
    })
    .onConflictDoNothing({ target: listing.listingId })
    .returning({ listingId: listing.listingId });
  return inserted.length > 0;
};

/** One statement for all SKUs; their ids follow from the listing and the code. */
const insertSkus = async (tx: Tx, { listingId, skus }: Drafted): Promise<void> => {
  await tx.insert(sku).values(
    skus.map(({ code, price, weightGrams, sizeMm }, position) => ({
      skuId: deriveId("sku", listingId, code),
      listingId,
      code,
      position,
      priceMinor: price.minor,
      currency: price.currency,
      weightGrams,
      lengthMm: sizeMm?.length ?? null,
      widthMm: sizeMm?.width ?? null,
      heightMm: sizeMm?.height ?? null,
    })),
  );
};
