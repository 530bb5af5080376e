import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse, type RefusalError } from "@shopnexus/contracts/kit/refusal";
import { type Promotion, PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { findPromotion, holdBudget, insertShares, moveHold } from "./rows.ts";

type Share = In<typeof Promotion, "hold">["shares"][number];

export const hold: Step<typeof Promotion, "hold"> = async ({ promotionHoldId, shares }, { db }) => {
  const ids = new Set(shares.map(({ promotionId }) => promotionId));
  assert(ids.size === shares.length, "a quote names each promotion once");
  return inTransaction(db, async (tx) => {
    const { from, to } = await moveHold(tx, promotionHoldId, "hold");
    if (to === "gone") throw refuse(PromotionRefusals.PROMOTION_HOLD_GONE, { state: from });
    if (from === "absent") await setAside(tx, promotionHoldId, shares);
    return {};
  });
};

/** All or none: the first budget that has not enough left ends the transaction. */
const setAside = async (tx: Tx, promotionHoldId: string, shares: readonly Share[]): Promise<void> => {
  const inOrder = shares
    .map(({ promotionId, amount }) => ({
      promotionId,
      amountMinor: amount.minor,
      currency: amount.currency,
    }))
    .toSorted((a, b) => (a.promotionId < b.promotionId ? -1 : 1));
  for (const share of inOrder) {
    if (!(await holdBudget(tx, share))) throw await whyNot(tx, share);
  }
  await insertShares(
    tx,
    promotionHoldId,
    inOrder.map(({ promotionId, amountMinor }) => ({ promotionId, amountMinor })),
  );
};

const whyNot = async (
  tx: Tx,
  { promotionId, currency }: { promotionId: string; currency: string },
): Promise<RefusalError> => {
  const promotion = await findPromotion(tx, promotionId);
  if (promotion === undefined) return refuse(PromotionRefusals.PROMOTION_UNKNOWN, {});
  assert(promotion.currency === currency, "a quote gives a promotion's amount in its own currency");
  return refuse(PromotionRefusals.BUDGET_SPENT, { promotionId });
};
