/** What a basket costs, and why. The same basket at the same moment always costs the same. */
import { z } from "zod";
import { Slug } from "../catalog/category.ts";
import { read, service } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Currency, Price } from "../_kit/money.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Pieces } from "../_kit/word.ts";
import { Code, Gives, Payer } from "./terms.ts";

export const QUOTE_LINE_COUNT_MAX = 100;
export const CODE_COUNT_MAX = 5;

export const QuoteLine = z.strictObject({
  skuId: id("sku"),
  sellerId: id("acc"),
  /** What promotions may aim at, where it is known. */
  listingId: id("lst").optional(),
  category: Slug.optional(),
  unitPrice: Price,
  pieces: Pieces,
});
export const QuoteParcel = z.strictObject({ sellerId: id("acc"), price: Price });

const priced = {
  subtotal: Price,
  discount: Price,
  /** What of the discount the platform pays; the rest is the seller's. */
  platformPart: Price,
  total: Price,
};
export const QuotedLine = z.object({
  skuId: id("sku"),
  ...priced,
  /** What of the total comes back to the buyer's wallet once the seller is paid. */
  cashback: Price,
});
export const QuotedParcel = z.object({ sellerId: id("acc"), ...priced });

export const Applied = z.object({
  promotionId: id("prm"),
  name: z.string(),
  amount: Price,
  gives: Gives,
  paidBy: Payer,
  /** The one of many codes that brought it, to be held with it. */
  coupon: Code.optional(),
});

/**
 * Why a promotion gave nothing. spent: its budget or its uses; below_minimum: too little was bought; unmet: too few
 * pieces, or no complete set; outdone: another of its group gives more; excluded: an exclusive one took its lines;
 * nothing_left: its lines cost nothing by then, or it rounds to nothing; too_many: a basket takes 20.
 */
export const LostReason = z.enum([
  "spent",
  "below_minimum",
  "unmet",
  "outdone",
  "excluded",
  "nothing_left",
  "too_many",
]);
export type LostReason = z.infer<typeof LostReason>;
export const Lost = z.object({
  promotionId: id("prm"),
  name: z.string(),
  reason: LostReason,
  /** Who outdid or excluded it. */
  by: id("prm").optional(),
});

export const QuoteView = z.object({
  lines: z.array(QuotedLine),
  /** Those that were asked about, in that order. */
  parcels: z.array(QuotedParcel),
  applied: z.array(Applied),
  /** Promotions that touched a line and gave nothing at all. */
  lost: z.array(Lost),
  /** Of the goods. */
  total: Price,
});
export type QuoteView = z.infer<typeof QuoteView>;

const Part = z.object({ promotionId: id("prm"), name: z.string(), amount: Price, gives: Gives });
const parts = { parts: z.array(Part), lost: z.array(Lost) };
export const Explanation = z.object({
  ...QuoteView.shape,
  /** The parts add up to the discount, and those that give cashback to the cashback. */
  lines: z.array(z.object({ ...QuotedLine.shape, ...parts })),
  parcels: z.array(z.object({ ...QuotedParcel.shape, ...parts })),
});
export type Explanation = z.infer<typeof Explanation>;

export const QuoteRefusals = refusals({
  CODE_UNKNOWN: {
    status: 422,
    says: "This code is not valid, or touches nothing in your basket.",
    data: z.object({ code: z.string() }),
  },
  CURRENCY_MIXED: { status: 422, says: "A basket is paid in one currency." },
});

const QuoteBasket = z.strictObject({
  currency: Currency,
  at: Instant,
  /** Who buys: decides what is left of uses per account, and whose coupons count. */
  accountId: id("acc").optional(),
  lines: z.array(QuoteLine).min(1).max(QUOTE_LINE_COUNT_MAX),
  parcels: z.array(QuoteParcel).max(QUOTE_LINE_COUNT_MAX).optional(),
  codes: z.array(Code).max(CODE_COUNT_MAX),
});

export const Quote = service("Quote", {
  /** Prices a basket: automatic promotions and those of the codes given, by priority, then by id.
   *  Takes    1 to 100 lines of one currency with distinct SKUs; parcels of distinct sellers; 0 to 5 codes; at, which
   *           decides what runs
   *  Gives    lines in the order asked; discounts never exceed a line, a parcel, or what is left of a budget
   *  Refuses  CODE_UNKNOWN, CURRENCY_MIXED
   *  Source   README, decisions 1 to 5 */
  price: read(QuoteBasket, QuoteView, {
    who: "module",
    refuses: [QuoteRefusals.CODE_UNKNOWN, QuoteRefusals.CURRENCY_MIXED],
  }),

  /** The same answer with what each promotion gave to each line and parcel, and why the others gave it nothing.
   *  Refuses  CODE_UNKNOWN, CURRENCY_MIXED */
  explain: read(QuoteBasket, Explanation, {
    who: "operator",
    refuses: [QuoteRefusals.CODE_UNKNOWN, QuoteRefusals.CURRENCY_MIXED],
  }),
});
