import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse, type RefusalError } from "@shopnexus/contracts/kit/refusal";
import { type Promotion, PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { holdAccountUse, holdCoupon } from "../_kit/uses.ts";
import { findPromotion } from "../_kit/standing.ts";
import { holdBudget, insertShares, moveHold } from "./rows.ts";
import { areUsesSpent } from "../_kit/reading.ts";

type Input = In<typeof Promotion, "hold">;
type Share = Input["shares"][number];

export const hold: Step<typeof Promotion, "hold"> = async (input, { db }) => {
  const ids = new Set(input.shares.map(({ promotionId }) => promotionId));
  assert(ids.size === input.shares.length, "a quote names each promotion once");
  return inTransaction(db, async (tx) => {
    const { from, to } = await moveHold(tx, input, "hold");
    if (to === "gone") throw refuse(PromotionRefusals.PROMOTION_HOLD_GONE, { state: from });
    if (from === "absent") await setAside(tx, input);
    return {};
  });
};

/** All or none: the first that has not enough left ends the transaction. */
const setAside = async (tx: Tx, input: Input): Promise<void> => {
  const inOrder = input.shares.toSorted((a, b) => (a.promotionId < b.promotionId ? -1 : 1));
  for (const share of inOrder) await setAsideOne(tx, input, share);
  await insertShares(
    tx,
    input.promotionHoldId,
    inOrder.map(({ promotionId, amount }) => ({ promotionId, amountMinor: amount.minor })),
  );
};

const setAsideOne = async (tx: Tx, { promotionHoldId, accountId }: Input, share: Share): Promise<void> => {
  const { promotionId, amount, coupon } = share;
  const { minor: amountMinor, currency } = amount;
  const held = await holdBudget(tx, { promotionId, amountMinor, currency });
  if (held === undefined) throw await whyNot(tx, share);
  const use = { promotionId, accountId };
  if (held.accountUsesMax !== null && !(await holdAccountUse(tx, use, held.accountUsesMax)))
    throw refuse(PromotionRefusals.ACCOUNT_USES_SPENT, { promotionId });
  if (coupon !== undefined && !(await holdCoupon(tx, use, { code: coupon, promotionHoldId })))
    throw refuse(PromotionRefusals.COUPON_SPENT, { code: coupon });
};

const whyNot = async (tx: Tx, { promotionId, amount }: Share): Promise<RefusalError> => {
  const promotion = await findPromotion(tx, promotionId);
  if (promotion === undefined) return refuse(PromotionRefusals.PROMOTION_UNKNOWN, {});
  assert(promotion.currency === amount.currency, "a quote gives a promotion's amount in its own currency");
  if (promotion.stoppedAt !== null) return refuse(PromotionRefusals.PROMOTION_STOPPED, { promotionId });
  if (areUsesSpent(promotion)) return refuse(PromotionRefusals.USES_SPENT, { promotionId });
  return refuse(PromotionRefusals.BUDGET_SPENT, { promotionId });
};
