/** Discounts by code or of themselves, with a budget that is held before it is spent. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { BasisPoints, Price } from "../_kit/money.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Done, text } from "../_kit/word.ts";

/** Upper case, compared as written. */
export const Code = z.string().regex(/^[A-Z0-9-]{3,40}$/);

/** `percent` is taken off each line it touches; `fixed` is spread over them by their amounts. */
export const Discount = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("percent"), basisPoints: BasisPoints.min(1) }),
  z.strictObject({ kind: z.literal("fixed"), amount: Price }),
]);
export type Discount = z.infer<typeof Discount>;

const terms = {
  name: text(120),
  /** Absent: applies of itself. */
  code: Code.optional(),
  discount: Discount,
  /** The most it may cost in all; a fixed discount has the same currency. */
  budget: Price,
  startsAt: Instant,
  endsAt: Instant,
  /** Lower goes first; 100 if absent. */
  priority: z.int().min(0).max(1_000).optional(),
};
export const Terms = z.strictObject(terms);
export const PromotionView = z.object({
  promotionId: id("prm"),
  /** Null: the platform's own, touches every line. A seller's touches only the seller's own. */
  sellerId: id("acc").nullable(),
  ...terms,
  held: Price,
  redeemed: Price,
});

export const PROMOTION_HOLD_COUNT_MAX = 20;
const PromotionHoldRef = z.strictObject({ promotionHoldId: id("phd") });

export const PromotionRefusals = refusals({
  CODE_TAKEN: { status: 409, says: "There is a promotion with this code already." },
  TERMS_CROSSED: { status: 422, says: "A promotion ends after it starts, and has one currency." },
  PROMOTION_UNKNOWN: { status: 404, says: "There is no such promotion." },
  BUDGET_SPENT: {
    status: 409,
    says: "This promotion has been used up.",
    data: z.object({ promotionId: z.string() }),
  },
  PROMOTION_HOLD_GONE: {
    status: 409,
    says: "The discount set aside was given back: the checkout was undone.",
    data: z.object({ state: z.string() }),
  },
});

export const Promotion = service("Promotion", {
  /** Starts a promotion on the caller's own listings.
   *  Refuses  CODE_TAKEN, TERMS_CROSSED
   *  Repeats  the same call: the same promotion */
  create: step(Terms, PromotionView, {
    who: "seller",
    refuses: [PromotionRefusals.CODE_TAKEN, PromotionRefusals.TERMS_CROSSED],
    http: "POST /promotions",
  }),

  /** Starts a promotion of the platform's on every listing.
   *  Refuses  CODE_TAKEN, TERMS_CROSSED
   *  Repeats  the same call: the same promotion */
  launch: step(Terms, PromotionView, {
    who: "operator",
    refuses: [PromotionRefusals.CODE_TAKEN, PromotionRefusals.TERMS_CROSSED],
  }),

  /** One promotion with what is held and redeemed of its budget.
   *  Refuses  PROMOTION_UNKNOWN */
  read: read(z.strictObject({ promotionId: id("prm") }), PromotionView, {
    who: "operator",
    refuses: [PromotionRefusals.PROMOTION_UNKNOWN],
  }),

  /** Sets parts of budgets aside for one checkout, all or none.
   *  Takes    1 to 20 distinct promotions
   *  Refuses  BUDGET_SPENT, PROMOTION_UNKNOWN, PROMOTION_HOLD_GONE (its free came first)
   *  Repeats  same promotionHoldId: the same hold
   *  Undo     free */
  hold: step(
    z.strictObject({
      promotionHoldId: id("phd"),
      shares: z
        .array(z.strictObject({ promotionId: id("prm"), amount: Price }))
        .min(1)
        .max(PROMOTION_HOLD_COUNT_MAX),
    }),
    Done,
    {
      who: "module",
      undo: "free",
      refuses: [
        PromotionRefusals.BUDGET_SPENT,
        PromotionRefusals.PROMOTION_UNKNOWN,
        PromotionRefusals.PROMOTION_HOLD_GONE,
      ],
    },
  ),

  /** Gives a hold back to its budgets. Of a hold that never was it leaves a tombstone: a late hold refuses.
   *  Repeats  nothing changes; a redeemed hold stays redeemed */
  free: step(PromotionHoldRef, Done, { who: "module" }),

  /** Spends what was held.
   *  Refuses  PROMOTION_HOLD_GONE
   *  Repeats  nothing changes
   *  Undo     restore */
  redeem: step(PromotionHoldRef, Done, {
    who: "module",
    undo: "restore",
    refuses: [PromotionRefusals.PROMOTION_HOLD_GONE],
  }),

  /** Takes a redeem back: what was spent is held again, until freed.
   *  Repeats  nothing changes; of a hold that was not redeemed: free */
  restore: step(PromotionHoldRef, Done, { who: "module" }),
});
