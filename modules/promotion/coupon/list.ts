import { cutPage } from "@shopnexus/contracts/kit/page";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Coupon, COUPON_PAGE_LIMIT_MAX } from "@shopnexus/contracts/promotion/coupon";
import { PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { isOwned } from "../_kit/standing.ts";
import { findCoupons, findOwner } from "./rows.ts";

export const list: Step<typeof Coupon, "list"> = async (input, { db, who }) => {
  const { promotionId, batch, after, limit = COUPON_PAGE_LIMIT_MAX } = input;
  if (!isOwned(await findOwner(db, promotionId), accountOf(who)))
    throw refuse(PromotionRefusals.PROMOTION_UNKNOWN, {});
  const rows = await findCoupons(db, { promotionId, batch, after, limit });
  return cutPage(rows, limit, ({ code }) => code);
};
