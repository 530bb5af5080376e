import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Campaign } from "@shopnexus/contracts/promotion/campaign";
import { PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { viewOf } from "../_kit/reading.ts";
import { findOwned, findTargets } from "../_kit/standing.ts";

export const view: Step<typeof Campaign, "view"> = async ({ promotionId }, { db, who }) => {
  const row = await findOwned(db, promotionId, accountOf(who));
  if (row === undefined) throw refuse(PromotionRefusals.PROMOTION_UNKNOWN, {});
  return viewOf(row, await findTargets(db, promotionId));
};
