/** Words of a promotion: what it gives, on what, to whom, when, and who pays. */
import { z } from "zod";
import { Slug } from "../catalog/category.ts";
import { id } from "../_kit/id.ts";
import { BasisPoints, Price } from "../_kit/money.ts";
import { Instant } from "../_kit/time.ts";
import { Pieces, text } from "../_kit/word.ts";

/** Upper case, compared as written. */
export const Code = z.string().regex(/^[A-Z0-9-]{3,40}$/);

export const TIER_COUNT_MAX = 10;
export const BUNDLE_ITEM_COUNT_MAX = 10;
export const TARGET_COUNT_MAX = 100;

/**
 * `percent`: of what its lines cost; `fixed`: an amount, spread over them by what they cost. `tiered`: the percentage of
 * the highest tier that the pieces reach. `buy_get`: of every buy + get pieces the cheapest `get` are so much cheaper.
 * `bundle`: every complete set costs `price`.
 */
export const Discount = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("percent"), basisPoints: BasisPoints.min(1) }),
  z.strictObject({ kind: z.literal("fixed"), amount: Price }),
  z.strictObject({
    kind: z.literal("tiered"),
    tiers: z
      .array(z.strictObject({ fromPieces: Pieces, basisPoints: BasisPoints.min(1) }))
      .min(1)
      .max(TIER_COUNT_MAX),
  }),
  z.strictObject({
    kind: z.literal("buy_get"),
    buy: Pieces,
    get: Pieces,
    /** 10_000: the pieces are free. */
    basisPoints: BasisPoints.min(1),
  }),
  z.strictObject({
    kind: z.literal("bundle"),
    items: z
      .array(z.strictObject({ skuId: id("sku"), pieces: Pieces }))
      .min(1)
      .max(BUNDLE_ITEM_COUNT_MAX),
    price: Price,
  }),
]);
export type Discount = z.infer<typeof Discount>;

/**
 * What becomes cheaper: the goods, or the parcels that carry them. Or, of what is paid for the goods, what comes to the
 * buyer's wallet once the seller is paid.
 */
export const Gives = z.enum(["goods", "shipping", "cashback"]);
export type Gives = z.infer<typeof Gives>;
/** Of what its percentage, amount, minimum and cap are meant: each line, all lines of a seller, or all lines. */
export const Level = z.enum(["line", "seller", "order"]);
export type Level = z.infer<typeof Level>;
export const Payer = z.enum(["platform", "seller"]);
export type Payer = z.infer<typeof Payer>;

/** A line is touched where one target names it. */
export const Target = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("seller"), sellerId: id("acc") }),
  z.strictObject({ kind: z.literal("category"), category: Slug }),
  z.strictObject({ kind: z.literal("listing"), listingId: id("lst") }),
  z.strictObject({ kind: z.literal("sku"), skuId: id("sku") }),
]);
export type Target = z.infer<typeof Target>;

/** Runs for some minutes from every time that a cron line names in a time zone. */
export const Schedule = z.strictObject({
  /** Five fields: minute, hour, day of month, month, day of week. */
  cron: z.string().regex(/^[0-9A-Za-z*,/?#L-]{1,40}( [0-9A-Za-z*,/?#L-]{1,40}){4}$/),
  /** As the IANA names it, e.g. `Asia/Ho_Chi_Minh`. */
  timeZone: z.string().regex(/^[A-Za-z0-9_+/-]{1,60}$/),
  minutes: z.int().min(1).max(44_640),
});
export type Schedule = z.infer<typeof Schedule>;

export const terms = {
  name: text(120),
  /** Absent: applies of itself, or by the coupons that were made for it. */
  code: Code.optional(),
  /** Never of itself: by coupons alone. */
  byCoupon: z.boolean().optional(),
  discount: Discount,
  /** `goods` where absent; the others take a percentage or an amount, and cashback is the platform's alone. */
  gives: Gives.optional(),
  /** `order` where absent. */
  level: Level.optional(),
  /** What its lines must cost before all discounts, at its level. */
  minimum: Price.optional(),
  /** The most it gives at its level. */
  cap: Price.optional(),
  /** Absent: every line. A bundle has none: its items are its targets. */
  targets: z.array(Target).min(1).max(TARGET_COUNT_MAX).optional(),
  /** Of an owner's promotions in one group only the best for a line applies. */
  group: Slug.optional(),
  /** A line that it makes cheaper is out of reach for every other promotion. */
  exclusive: z.boolean().optional(),
  /** The owner where absent; the platform may have sellers pay, and never the other way round. */
  paidBy: Payer.optional(),
  /** The most it may cost in all; every amount has the same currency. */
  budget: Price,
  /** How many checkouts may use it, in all and of one account. */
  uses: z.int().min(1).max(1_000_000_000).optional(),
  accountUses: z.int().min(1).max(1_000_000).optional(),
  startsAt: Instant,
  endsAt: Instant,
  schedule: Schedule.optional(),
  /** Lower goes first; 100 if absent. */
  priority: z.int().min(0).max(1_000).optional(),
};
export const Terms = z.strictObject(terms);
export type Terms = z.infer<typeof Terms>;

/** A promotion as its owner reads it. */
export const PromotionView = z.object({
  promotionId: id("prm"),
  /** Null: the platform's own, touches every line. A seller's touches only the seller's own. */
  sellerId: id("acc").nullable(),
  ...terms,
  held: Price,
  redeemed: Price,
  /** By how many checkouts it is held or was redeemed. */
  used: z.int(),
  /** Goes up with every change: who changes it says which one was read. */
  version: z.int(),
  /** Set: nobody can use it any more. */
  stoppedAt: Instant.optional(),
});
export type PromotionView = z.infer<typeof PromotionView>;
