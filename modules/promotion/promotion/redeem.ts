import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Promotion, PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { moveHold } from "./rows.ts";

export const redeem: Step<typeof Promotion, "redeem"> = ({ promotionHoldId }, { db }) =>
  inTransaction(db, async (tx) => {
    const { from, to } = await moveHold(tx, { promotionHoldId }, "redeem");
    if (to === "gone") throw refuse(PromotionRefusals.PROMOTION_HOLD_GONE, { state: from });
    return {};
  });
