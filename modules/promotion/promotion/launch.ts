import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Promotion, PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import { inTransaction } from "#db/_kit/transaction.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { addPromotion } from "./rows.ts";
import { areCrossed, columnsOf, viewOf } from "./rules.ts";

export const launch: Step<typeof Promotion, "launch"> = async (terms, { who, db, callKey }) => {
  if (areCrossed(terms)) throw refuse(PromotionRefusals.TERMS_CROSSED, {});
  const row = {
    promotionId: deriveId("prm", callKey),
    sellerId: null,
    createdBy: actorOf(who),
    ...columnsOf(terms),
  };
  const promotion = await inTransaction(db, (tx) => addPromotion(tx, row));
  if (promotion === undefined) throw refuse(PromotionRefusals.CODE_TAKEN, {});
  return viewOf(promotion);
};
