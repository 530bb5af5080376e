import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Promotion, PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import type { Step } from "#modules/_kit/handler.ts";
import { viewOf } from "../_kit/reading.ts";
import { findPromotion, findTargets } from "../_kit/standing.ts";

export const read: Step<typeof Promotion, "read"> = async ({ promotionId }, { db }) => {
  const promotion = await findPromotion(db, promotionId);
  if (promotion === undefined) throw refuse(PromotionRefusals.PROMOTION_UNKNOWN, {});
  return viewOf(promotion, await findTargets(db, promotionId));
};
