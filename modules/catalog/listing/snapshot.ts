import type { Listing, SkuSnapshot } from "@shopnexus/contracts/catalog/listing";
import type { Db } from "#db/_kit/database.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { inOrderAsked, refuseSkusTwice } from "./rules.ts";

export const snapshot: Step<typeof Listing, "snapshot"> = async ({ skuIds }, { db }) => {
  refuseSkusTwice(skuIds);
  return { skus: [...inOrderAsked(skuIds, await listSnapshots(db.$client, skuIds))] };
};

/** One statement whatever their number, through the driver, which keeps its plan. Leans on sku_pkey, listing_pkey. */
const listSnapshots = (tx: Db["$client"], skuIds: readonly string[]): Promise<SkuSnapshot[]> =>
  tx<SkuSnapshot[]>`
    select sku.sku_id as "skuId", listing.listing_id as "listingId", listing.seller_id as "sellerId",
      listing.title, sku.code, listing.category_slug as category, sku.weight_grams as "weightGrams",
      json_build_object('minor', sku.price_minor, 'currency', sku.currency) as price,
      case when sku.length_mm is not null then
        json_build_object('length', sku.length_mm, 'width', sku.width_mm, 'height', sku.height_mm)
      end as "sizeMm"
    from catalog.sku join catalog.listing using (listing_id)
    where sku.sku_id = any (${skuIds}::text[]) and listing.state = 'published'`;
