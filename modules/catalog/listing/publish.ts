import type { Listing } from "@shopnexus/contracts/catalog/listing";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { turnListing } from "./rows.ts";

export const publish: Step<typeof Listing, "publish"> = async ({ listingId }, { db, who }) => {
  await turnListing(db, { listingId, sellerId: accountOf(who).accountId, to: "published" });
  return {};
};
