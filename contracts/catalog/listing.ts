/** What sellers offer: a listing (SPU) and its stock keeping units (SKU), each with a price. */
import { z } from "zod";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { page, pageFields } from "../_kit/page.ts";
import { refusals } from "../_kit/refusal.ts";
import { Done, prose, text } from "../_kit/word.ts";
import { CategoryRefusals, Slug } from "./category.ts";

export const SKU_COUNT_MAX = 100;
export const SNAPSHOT_LINE_COUNT_MAX = 100;

/** The seller's own code, unique within the listing. */
export const SkuCode = z
  .string()
  .max(60)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);

/** Millimetres, packed. */
const millimetres = z.int().min(1).max(5_000);
export const SizeMm = z.object({ length: millimetres, width: millimetres, height: millimetres });
export type SizeMm = z.infer<typeof SizeMm>;

export const NewSku = z.strictObject({
  code: SkuCode,
  price: Price,
  /** Grams, packed. */
  weightGrams: z.int().min(0).max(1_000_000),
  sizeMm: SizeMm.strict().optional(),
});
export const Sku = z.object({
  skuId: id("sku"),
  code: z.string(),
  price: Price,
  weightGrams: z.int(),
  /** Null where the seller did not say. */
  sizeMm: SizeMm.nullable(),
});

export const ListingState = z.enum(["draft", "published", "hidden"]);
const listingFields = {
  title: text(200),
  description: prose(5_000),
  category: Slug,
  brand: text(80).optional(),
};
export const ListingView = z.object({
  listingId: id("lst"),
  sellerId: id("acc"),
  state: ListingState,
  ...listingFields,
  skus: z.array(Sku),
});
export const ListingCard = z.object({
  listingId: id("lst"),
  title: z.string(),
  category: Slug,
  /** The lowest price of its SKUs. */
  from: Price,
});

/** What a checkout freezes of one SKU. */
export const SkuSnapshot = z.object({
  skuId: id("sku"),
  listingId: id("lst"),
  sellerId: id("acc"),
  title: z.string(),
  code: z.string(),
  category: Slug,
  price: Price,
  weightGrams: z.int(),
  sizeMm: SizeMm.nullable(),
});
export type SkuSnapshot = z.infer<typeof SkuSnapshot>;

export const ListingRefusals = refusals({
  LISTING_UNKNOWN: { status: 404, says: "There is no such listing." },
  SKU_CODE_TWICE: { status: 422, says: "Two SKUs of one listing have the same code." },
  SKU_UNAVAILABLE: {
    status: 409,
    says: "Some of these items are not for sale (any more).",
    data: z.object({ skuIds: z.array(z.string()) }),
  },
});

export const Listing = service("Listing", {
  /** Drafts a listing of the caller's with its SKUs, and opens their stock levels at zero.
   *  Takes    1 to 100 SKUs with distinct codes
   *  Refuses  CATEGORY_UNKNOWN, SKU_CODE_TWICE
   *  Repeats  the same call: the same listing; a new call: another one */
  draft: op(
    z.strictObject({ ...listingFields, skus: z.array(NewSku).min(1).max(SKU_COUNT_MAX) }),
    ListingView,
    {
      who: "seller",
      refuses: [CategoryRefusals.CATEGORY_UNKNOWN, ListingRefusals.SKU_CODE_TWICE],
      http: "POST /listings",
    },
  ),

  /** Writes a drafted listing down.
   *  Refuses  CATEGORY_UNKNOWN, SKU_CODE_TWICE
   *  Repeats  same listingId: the listing as it was first written */
  record: step(
    z.strictObject({
      listingId: id("lst"),
      sellerId: id("acc"),
      ...listingFields,
      skus: z.array(NewSku).min(1).max(SKU_COUNT_MAX),
    }),
    ListingView,
    { who: "module", refuses: [CategoryRefusals.CATEGORY_UNKNOWN, ListingRefusals.SKU_CODE_TWICE] },
  ),

  /** Puts a listing of the caller's up for sale.
   *  Refuses  LISTING_UNKNOWN, also for somebody else's
   *  Repeats  nothing changes */
  publish: step(z.strictObject({ listingId: id("lst") }), Done, {
    who: "seller",
    refuses: [ListingRefusals.LISTING_UNKNOWN],
    http: "POST /listings/{listingId}/publish",
  }),

  /** Takes a listing of the caller's off the market.
   *  Refuses  LISTING_UNKNOWN, also for somebody else's
   *  Repeats  nothing changes */
  hide: step(z.strictObject({ listingId: id("lst") }), Done, {
    who: "seller",
    refuses: [ListingRefusals.LISTING_UNKNOWN],
    http: "POST /listings/{listingId}/hide",
  }),

  /** Sets the price of one SKU of the caller's; open checkouts keep theirs.
   *  Refuses  SKU_UNAVAILABLE, also for somebody else's
   *  Repeats  nothing changes */
  reprice: step(z.strictObject({ skuId: id("sku"), price: Price }), Done, {
    who: "seller",
    refuses: [ListingRefusals.SKU_UNAVAILABLE],
    http: "PUT /skus/{skuId}/price",
  }),

  /** One published listing.
   *  Refuses  LISTING_UNKNOWN, also for a draft or a hidden one */
  read: read(z.strictObject({ listingId: id("lst") }), ListingView, {
    who: "anyone",
    refuses: [ListingRefusals.LISTING_UNKNOWN],
    http: "GET /listings/{listingId}",
  }),

  /** Published listings, newest first, by page.
   *  Takes    limit 1 to 100, 20 if absent; category: that one alone */
  browse: read(z.strictObject({ category: Slug.optional(), ...pageFields }), page(ListingCard), {
    who: "anyone",
    http: "GET /listings",
  }),

  /** What a checkout has to know of some SKUs, in the order asked.
   *  Takes    1 to 100 distinct SKUs
   *  Refuses  SKU_UNAVAILABLE when one is unknown, or its listing not published */
  snapshot: read(
    z.strictObject({ skuIds: z.array(id("sku")).min(1).max(SNAPSHOT_LINE_COUNT_MAX) }),
    z.object({ skus: z.array(SkuSnapshot) }),
    { who: "module", refuses: [ListingRefusals.SKU_UNAVAILABLE] },
  ),
});
