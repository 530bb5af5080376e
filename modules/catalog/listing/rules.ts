/** Decisions about listings: what may be written down, and how rows are shown. */
import {
  ListingRefusals,
  type ListingView,
  type SizeMm,
  type SkuSnapshot,
} from "@shopnexus/contracts/catalog/listing";
import { id } from "@shopnexus/contracts/kit/id";
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import type { z } from "zod";

const firstTwice = (texts: readonly string[]): string | undefined =>
  texts.find((text, at) => texts.indexOf(text) !== at);

/** A seller's code names one SKU of a listing. */
export const refuseCodesTwice = (skus: readonly { readonly code: string }[]): void => {
  if (firstTwice(skus.map(({ code }) => code)) !== undefined)
    throw refuse(ListingRefusals.SKU_CODE_TWICE, {});
};

export type SkuRow = {
  readonly skuId: string;
  readonly code: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly weightGrams: number;
  readonly lengthMm: number | null;
  readonly widthMm: number | null;
  readonly heightMm: number | null;
};
export type ListingRow = {
  readonly listingId: string;
  readonly sellerId: string;
  readonly state: "draft" | "published" | "hidden";
  readonly title: string;
  readonly description: string;
  readonly categorySlug: string;
  readonly brand: string | null;
};

/** A listing as the page shows it. */
export const viewOf = (listing: ListingRow, skus: readonly SkuRow[]): z.infer<typeof ListingView> => ({
  listingId: listing.listingId,
  sellerId: listing.sellerId,
  state: listing.state,
  title: listing.title,
  description: listing.description,
  category: listing.categorySlug,
  ...(listing.brand !== null && { brand: listing.brand }),
  skus: skus.map((sku) => ({
    skuId: sku.skuId,
    code: sku.code,
    price: { minor: sku.priceMinor, currency: sku.currency },
    weightGrams: sku.weightGrams,
    sizeMm: sizeOf(sku),
  })),
});

/** The table has all three or none. */
const sizeOf = ({ lengthMm: length, widthMm: width, heightMm: height }: SkuRow): SizeMm | null =>
  length === null || width === null || height === null ? null : { length, width, height };

/** The snapshots in the order asked; one that is missing is not for sale. */
export const inOrderAsked = (
  skuIds: readonly string[],
  found: readonly SkuSnapshot[],
): readonly SkuSnapshot[] => {
  const byId = new Map(found.map((snapshot) => [snapshot.skuId, snapshot]));
  const missing = skuIds.filter((skuId) => !byId.has(skuId));
  if (missing.length > 0) throw refuse(ListingRefusals.SKU_UNAVAILABLE, { skuIds: missing });
  return skuIds.flatMap((skuId) => byId.get(skuId) ?? []);
};

/** A checkout has one line a SKU: asking twice is a mistake of the caller's. */
export const refuseSkusTwice = (skuIds: readonly string[]): void => {
  const twice = firstTwice(skuIds);
  if (twice === undefined) return;
  throw refuse(CommonRefusals.INVALID_INPUT, {
    issues: [{ path: "skuIds", says: `${twice} is asked twice` }],
  });
};

/** The listing that a cursor names; one that is not ours is a mistake of the caller's. */
export const listingIn = (cursor: string | undefined): string | undefined => {
  if (cursor === undefined || id("lst").safeParse(cursor).success) return cursor;
  const says = "this is not the `next` of a page of listings";
  throw refuse(CommonRefusals.INVALID_INPUT, { issues: [{ path: "after", says }] });
};
