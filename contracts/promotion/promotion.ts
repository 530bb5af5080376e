/** Discounts by code or of themselves, with a budget that is held before it is spent. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { refusals } from "../_kit/refusal.ts";
import { Done } from "../_kit/word.ts";
import { Code, PromotionView, Terms } from "./terms.ts";

export const PROMOTION_HOLD_COUNT_MAX = 20;
const PromotionHoldRef = z.strictObject({ promotionHoldId: id("phd") });

export const PromotionRefusals = refusals({
  CODE_TAKEN: { status: 409, says: "There is a promotion with this code already." },
  TERMS_CROSSED: {
    status: 422,
    says: "These terms contradict each other.",
    data: z.object({ why: z.string() }),
  },
  PROMOTION_UNKNOWN: { status: 404, says: "There is no such promotion." },
  PROMOTION_STOPPED: {
    status: 409,
    says: "This promotion has been stopped.",
    data: z.object({ promotionId: z.string() }),
  },
  BUDGET_SPENT: {
    status: 409,
    says: "This promotion has been used up.",
    data: z.object({ promotionId: z.string() }),
  },
  USES_SPENT: {
    status: 409,
    says: "This promotion has been used as often as it may be.",
    data: z.object({ promotionId: z.string() }),
  },
  ACCOUNT_USES_SPENT: {
    status: 409,
    says: "You have used this promotion as often as you may.",
    data: z.object({ promotionId: z.string() }),
  },
  COUPON_SPENT: {
    status: 409,
    says: "This code has been used.",
    data: z.object({ code: z.string() }),
  },
  PROMOTION_HOLD_GONE: {
    status: 409,
    says: "The discount set aside was given back: the checkout was undone.",
    data: z.object({ state: z.string() }),
  },
});

export const Promotion = service("Promotion", {
  /** Starts a promotion on the caller's own listings, which the caller pays.
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

  /** Sets parts of budgets aside for one checkout, and one use of each, all or none.
   *  Takes    1 to 20 distinct promotions; coupon: the code that brought it, where it is one of many
   *  Refuses  BUDGET_SPENT, USES_SPENT, ACCOUNT_USES_SPENT, COUPON_SPENT, PROMOTION_UNKNOWN, PROMOTION_STOPPED,
   *           PROMOTION_HOLD_GONE (its free came first)
   *  Repeats  same promotionHoldId: the same hold
   *  Undo     free */
  hold: step(
    z.strictObject({
      promotionHoldId: id("phd"),
      accountId: id("acc"),
      shares: z
        .array(z.strictObject({ promotionId: id("prm"), amount: Price, coupon: Code.optional() }))
        .min(1)
        .max(PROMOTION_HOLD_COUNT_MAX),
    }),
    Done,
    {
      who: "module",
      undo: "free",
      refuses: [
        PromotionRefusals.BUDGET_SPENT,
        PromotionRefusals.USES_SPENT,
        PromotionRefusals.ACCOUNT_USES_SPENT,
        PromotionRefusals.COUPON_SPENT,
        PromotionRefusals.PROMOTION_UNKNOWN,
        PromotionRefusals.PROMOTION_STOPPED,
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
