/** Uses by one account, and coupons: what a hold takes beside a budget. Written while the promotion's row is held. */
import { and, eq, isNull, or, sql } from "drizzle-orm";
import type { Tx } from "#db/_kit/database.ts";
import { coupon } from "#db/promotion/coupons.ts";
import { promotion, promotionAccount } from "#db/promotion/tables.ts";

type Use = { readonly promotionId: string; readonly accountId: string };
export type UseShift = { readonly held: number; readonly redeemed: number };

/** Whether the account may use it once more. Leans on promotion_account_is_there_twice, its key. */
export const holdAccountUse = async (tx: Tx, use: Use, usesMax: number): Promise<boolean> => {
  const used = sql`${promotionAccount.usesHeld} + ${promotionAccount.usesRedeemed}`;
  const held = await tx
    .insert(promotionAccount)
    .values({ ...use, usesMax, usesHeld: 1, usesRedeemed: 0 })
    .onConflictDoUpdate({
      target: [promotionAccount.promotionId, promotionAccount.accountId],
      set: { usesHeld: sql`${promotionAccount.usesHeld} + 1` },
      setWhere: sql`${used} < ${promotionAccount.usesMax}`,
    })
    .returning({ accountId: promotionAccount.accountId });
  return held.length === 1;
};

/** Of a promotion without such a limit there is no row. Leans on promotion_account_is_there_twice. */
export const shiftAccountUse = async (
  tx: Tx,
  { promotionId, accountId }: Use,
  shift: UseShift,
): Promise<void> => {
  await tx
    .update(promotionAccount)
    .set({
      usesHeld: sql`${promotionAccount.usesHeld} + ${shift.held}::int`,
      usesRedeemed: sql`${promotionAccount.usesRedeemed} + ${shift.redeemed}::int`,
    })
    .where(and(eq(promotionAccount.promotionId, promotionId), eq(promotionAccount.accountId, accountId)));
};

/** Whether the coupon was free for this account and is of this promotion. Leans on coupon_pkey. */
export const holdCoupon = async (
  tx: Tx,
  { promotionId, accountId }: Use,
  { code, promotionHoldId }: { readonly code: string; readonly promotionHoldId: string },
): Promise<boolean> => {
  const held = await tx
    .update(coupon)
    .set({ state: "held", promotionHoldId })
    .where(
      and(
        eq(coupon.code, code),
        eq(coupon.promotionId, promotionId),
        eq(coupon.state, "free"),
        or(isNull(coupon.accountId), eq(coupon.accountId, accountId)),
      ),
    )
    .returning({ code: coupon.code });
  return held.length === 1;
};

/** Leans on coupon_of_hold. */
export const moveCoupons = async (
  tx: Tx,
  promotionHoldId: string,
  state: typeof coupon.$inferSelect.state,
): Promise<void> => {
  await tx
    .update(coupon)
    .set({ state, ...(state === "free" && { promotionHoldId: null }) })
    .where(eq(coupon.promotionHoldId, promotionHoldId));
};

/** Whether another use of it, by anybody, is still allowed. */
export const hasUsesLeft = sql`(${promotion.usesMax} is null
  or ${promotion.usesHeld} + ${promotion.usesRedeemed} < ${promotion.usesMax})`;
