/** A promotion as its owner steers it: a seller the seller's own, an operator the platform's. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { page, pageFields } from "../_kit/page.ts";
import { refusals } from "../_kit/refusal.ts";
import { PromotionRefusals } from "./promotion.ts";
import { PromotionView, Terms } from "./terms.ts";

const PromotionRef = z.strictObject({ promotionId: id("prm") });

export const CampaignRefusals = refusals({
  PROMOTION_CHANGED: {
    status: 409,
    says: "This promotion has changed since you read it: read it again.",
    data: z.object({ version: z.int() }),
  },
  BUDGET_BELOW_SPENT: {
    status: 409,
    says: "More of the budget than that is held or spent already.",
    data: z.object({ held: Price, redeemed: Price }),
  },
  USES_BELOW_USED: {
    status: 409,
    says: "The promotion has been used more often than that already.",
    data: z.object({ used: z.int() }),
  },
});

export const Campaign = service("Campaign", {
  /** One promotion of the caller's, or to an operator of the platform's, with what is held and redeemed.
   *  Refuses  PROMOTION_UNKNOWN, also for somebody else's */
  view: read(PromotionRef, PromotionView, {
    who: "account",
    refuses: [PromotionRefusals.PROMOTION_UNKNOWN],
    http: "GET /promotions/{promotionId}",
  }),

  /** The caller's promotions, newest first, page by page.
   *  Takes    of: `platform` for the platform's, which operators read; the caller's own where absent
   *  Gives    next: absent on the last page */
  list: read(
    z.strictObject({
      of: z.enum(["me", "platform"]).optional(),
      ...pageFields,
      after: id("prm").optional(),
    }),
    page(PromotionView),
    { who: "account", http: "GET /promotions" },
  ),

  /** Changes what may be changed of a promotion of the caller's: its discount, its targets and its code stay as they are.
   *  Takes    version: as it was read; endsAt: later than now and its start; budget, uses: no less than is held and redeemed
   *  Gives    the promotion, its version one up
   *  Refuses  PROMOTION_UNKNOWN, also for somebody else's, PROMOTION_STOPPED, PROMOTION_CHANGED, TERMS_CROSSED,
   *           BUDGET_BELOW_SPENT, USES_BELOW_USED
   *  Repeats  what stands already, whatever the version: nothing changes */
  change: step(
    z.strictObject({
      promotionId: id("prm"),
      version: z.int().min(1).max(2_147_483_647),
      ...Terms.pick({ name: true, endsAt: true, budget: true, uses: true, priority: true }).partial().shape,
    }),
    PromotionView,
    {
      who: "account",
      refuses: [
        PromotionRefusals.PROMOTION_UNKNOWN,
        PromotionRefusals.PROMOTION_STOPPED,
        CampaignRefusals.PROMOTION_CHANGED,
        PromotionRefusals.TERMS_CROSSED,
        CampaignRefusals.BUDGET_BELOW_SPENT,
        CampaignRefusals.USES_BELOW_USED,
      ],
      http: "PATCH /promotions/{promotionId}",
    },
  ),

  /** Ends a promotion of the caller's at once and for good: no basket meets it, nobody holds it; what is held stays held.
   *  Takes    no version: a stop does not wait for anybody's change
   *  Refuses  PROMOTION_UNKNOWN, also for somebody else's
   *  Repeats  nothing changes */
  stop: step(PromotionRef, PromotionView, {
    who: "account",
    refuses: [PromotionRefusals.PROMOTION_UNKNOWN],
    http: "POST /promotions/{promotionId}/stop",
  }),
});
