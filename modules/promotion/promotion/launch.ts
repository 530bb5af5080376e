import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Promotion, PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import { inTransaction } from "#db/_kit/transaction.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { viewOf } from "../_kit/reading.ts";
import { addPromotion } from "./rows.ts";
import { beConsistent, columnsOf, targetRowsOf } from "./rules.ts";

export const launch: Step<typeof Promotion, "launch"> = async (terms, { who, db, callKey }) => {
  beConsistent(terms, null);
  const promotionId = deriveId("prm", callKey);
  const row = { promotionId, createdBy: actorOf(who), ...columnsOf(terms, null) };
  const targets = targetRowsOf(terms, promotionId, null);
  const promotion = await inTransaction(db, (tx) => addPromotion(tx, row, targets));
  if (promotion === undefined) throw refuse(PromotionRefusals.CODE_TAKEN, {});
  return viewOf(
    promotion,
    targets.map(({ key }) => key),
  );
};
