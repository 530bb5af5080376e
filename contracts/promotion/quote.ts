/** What a basket costs. The same basket at the same moment always costs the same. */
import { z } from "zod";
import { read, service } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Currency, Price } from "../_kit/money.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Pieces } from "../_kit/word.ts";
import { Code } from "./promotion.ts";

export const QUOTE_LINE_COUNT_MAX = 100;
export const CODE_COUNT_MAX = 5;

export const QuoteLine = z.strictObject({
  skuId: id("sku"),
  sellerId: id("acc"),
  unitPrice: Price,
  pieces: Pieces,
});
export const QuotedLine = z.object({
  skuId: id("sku"),
  subtotal: Price,
  discount: Price,
  total: Price,
});
export const Applied = z.object({ promotionId: id("prm"), name: z.string(), amount: Price });
export const QuoteView = z.object({
  lines: z.array(QuotedLine),
  applied: z.array(Applied),
  total: Price,
});
export type QuoteView = z.infer<typeof QuoteView>;

export const QuoteRefusals = refusals({
  CODE_UNKNOWN: {
    status: 422,
    says: "This code is not valid, or touches nothing in your basket.",
    data: z.object({ code: z.string() }),
  },
  CURRENCY_MIXED: { status: 422, says: "A basket is paid in one currency." },
});

export const Quote = service("Quote", {
  /** Prices a basket: automatic promotions and those of the codes given, by priority, then by id.
   *  Takes    1 to 100 lines of one currency with distinct SKUs; 0 to 5 codes; at, which decides what runs
   *  Gives    lines in the order asked; discounts never exceed a line or what is left of a budget
   *  Refuses  CODE_UNKNOWN, CURRENCY_MIXED
   *  Source   README, decision 2 */
  price: read(
    z.strictObject({
      currency: Currency,
      at: Instant,
      lines: z.array(QuoteLine).min(1).max(QUOTE_LINE_COUNT_MAX),
      codes: z.array(Code).max(CODE_COUNT_MAX),
    }),
    QuoteView,
    { who: "module", refuses: [QuoteRefusals.CODE_UNKNOWN, QuoteRefusals.CURRENCY_MIXED] },
  ),
});
