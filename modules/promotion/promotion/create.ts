import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Promotion, PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import { inTransaction } from "#db/_kit/transaction.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { addPromotion } from "./rows.ts";
import { areCrossed, columnsOf, viewOf } from "./rules.ts";

export const create: Step<typeof Promotion, "create"> = async (terms, { who, db, callKey }) => {
  if (areCrossed(terms)) throw refuse(PromotionRefusals.TERMS_CROSSED, {});
  const { accountId } = accountOf(who);
  const row = {
    promotionId: deriveId("prm", callKey),
    sellerId: accountId,
    createdBy: accountId,
    ...columnsOf(terms),
  };
  const promotion = await inTransaction(db, (tx) => addPromotion(tx, row));
  if (promotion === undefined) throw refuse(PromotionRefusals.CODE_TAKEN, {});
  return viewOf(promotion);
};
