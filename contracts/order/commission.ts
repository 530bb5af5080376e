/** What the platform takes of a sale: rules that only ever grow, and the most specific of which wins. */
import { z } from "zod";
import { Slug } from "../catalog/category.ts";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { BasisPoints, Price } from "../_kit/money.ts";
import { page, pageFields } from "../_kit/page.ts";
import { Instant } from "../_kit/time.ts";
import { Nothing } from "../_kit/word.ts";

export const RATE_LINE_COUNT_MAX = 100;

/** What a rule is for. A rule for the seller wins over one for the category, and that over the default. */
export const CommissionScope = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("default") }),
  z.strictObject({ kind: z.literal("category"), categorySlug: Slug }),
  z.strictObject({ kind: z.literal("seller"), sellerId: id("acc") }),
]);
export type CommissionScope = z.infer<typeof CommissionScope>;

/** A part of the goods, and a fixed amount a line. The fixed part counts only for lines in its own currency. */
export const CommissionTerms = z.strictObject({ basisPoints: BasisPoints, fixed: Price.nullable() });
export type CommissionTerms = z.infer<typeof CommissionTerms>;

export const CommissionRule = z.object({
  scope: CommissionScope,
  /** Null: from then on the scope has no rule of its own. */
  terms: CommissionTerms.nullable(),
  validFrom: Instant,
});
export type CommissionRule = z.infer<typeof CommissionRule>;

export const Commission = service("Commission", {
  /** Sets the rule of a scope from now on; what was sold before keeps its commission.
   *  Takes    terms: null ends the scope's own rule
   *  Repeats  the terms that hold already: nothing changes; a late repeat does not undo a later rule */
  put: step(z.strictObject({ scope: CommissionScope, terms: CommissionTerms.nullable() }), CommissionRule, {
    who: "operator",
  }),

  /** The rules that hold now, by scope, by page. */
  list: read(z.strictObject({ ...pageFields }), page(CommissionRule), { who: "operator" }),

  /** All that ever held for a scope, newest first, by page. */
  history: read(
    z.strictObject({ scope: CommissionScope, ...pageFields }),
    page(z.object({ ...CommissionRule.shape, putBy: z.string() })),
    { who: "operator" },
  ),

  /** The rules that may apply to the caller's sales: the first of own, the category's and standard that there is. */
  mine: read(
    Nothing,
    z.object({
      own: CommissionRule.nullable(),
      categories: z.array(CommissionRule),
      standard: CommissionRule.nullable(),
    }),
    { who: "seller", http: "GET /me/commission" },
  ),

  /** What the platform takes of lines that are sold now.
   *  Takes    1 to 100 lines; total: what the goods of the line cost after discounts that their seller pays
   *  Gives    in the order given, each in its line's currency and never more than the goods; zero without a rule */
  rate: read(
    z.strictObject({
      lines: z
        .array(z.strictObject({ lineId: id("lin"), sellerId: id("acc"), categorySlug: Slug, total: Price }))
        .min(1)
        .max(RATE_LINE_COUNT_MAX),
    }),
    z.object({ lines: z.array(z.object({ lineId: id("lin"), commission: Price })) }),
    { who: "module" },
  ),
});
