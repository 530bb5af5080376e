import { type Listing, ListingRefusals } from "@shopnexus/contracts/catalog/listing";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { findListing, listSkus } from "./rows.ts";
import { viewOf } from "./rules.ts";

export const read: Step<typeof Listing, "read"> = async ({ listingId }, { db }) => {
  const listing = await findListing(db, listingId);
  if (listing?.state !== "published") throw refuse(ListingRefusals.LISTING_UNKNOWN, {});
  return viewOf(listing, await listSkus(db, listingId));
};
