import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Coupon, CouponRefusals } from "@shopnexus/contracts/promotion/coupon";
import { PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { Step, StepScene } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { isOwned } from "../_kit/standing.ts";
import { type BatchKey, type BatchRow, findBatch, findOwner, insertBatch, insertCoupons } from "./rows.ts";
import { isSameBatch } from "./rules.ts";

export const mint: Step<typeof Coupon, "mint"> = ({ promotionId, batch, prefix, count }, scene) =>
  makeBatch(scene, { promotionId, batch, prefix, couponCount: count, accountsHash: null }, []);

/** The batch and all its codes in one transaction: who finds the batch finds every code. */
export const makeBatch = async (
  { db, who }: StepScene,
  asked: Omit<BatchRow, "createdBy">,
  accountIds: readonly string[],
): Promise<{ count: number }> => {
  const account = accountOf(who);
  if (!isOwned(await findOwner(db, asked.promotionId), account))
    throw refuse(PromotionRefusals.PROMOTION_UNKNOWN, {});
  const row = { ...asked, createdBy: account.accountId };
  await inTransaction(db, async (tx) => {
    if (await insertBatch(tx, row)) return insertCoupons(tx, asked, accountIds);
    const found = await findBatch(tx, asked satisfies BatchKey);
    if (found === undefined || !isSameBatch(found, row)) throw refuse(CouponRefusals.BATCH_DIFFERENT, {});
  });
  return { count: asked.couponCount };
};
