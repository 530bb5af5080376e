/** Promotions, their budgets, and the holds on them. Budgets are locked in promotion_id order: no two holds cross. */
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "#db/_kit/database.ts";
import { promotion, promotionHold, promotionHoldShare, promotionTarget } from "#db/promotion/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { PromotionRow } from "../_kit/reading.ts";
import { findPromotion } from "../_kit/standing.ts";
import { hasUsesLeft, moveCoupons, shiftAccountUse } from "../_kit/uses.ts";
import { couponStateOf, type HoldEvent, type HoldState, NEXT, shiftOf } from "./rules.ts";

type Shift = ReturnType<typeof shiftOf>;
type Share = { readonly promotionId: string; readonly amountMinor: number };

/** The promotion, new or as the same call made it; undefined when another has its code. Leans on both unique keys. */
export const addPromotion = async (
  tx: Tx,
  row: typeof promotion.$inferInsert,
  targets: ReadonlyArray<typeof promotionTarget.$inferInsert>,
): Promise<PromotionRow | undefined> => {
  const [made] = await tx.insert(promotion).values(row).onConflictDoNothing().returning();
  if (made === undefined) return findPromotion(tx, row.promotionId);
  await tx.insert(promotionTarget).values([...targets]);
  return made;
};

/**
 * Takes a hold one event on, and what it set aside of budgets with it. The row is made first, so that everything
 * about one hold queues on it; for an event that comes before its hold, that row is the tombstone.
 */
export const moveHold = async (
  tx: Tx,
  { promotionHoldId, accountId = null }: { promotionHoldId: string; accountId?: string | null },
  event: HoldEvent,
) => {
  const first = NEXT.absent[event];
  if (first !== "gone" && (await insertHold(tx, { promotionHoldId, accountId, state: first }))) {
    return { from: "absent", to: first } as const;
  }
  const found = await lockHold(tx, promotionHoldId);
  const from = found?.state ?? "absent";
  const to = NEXT[from][event];
  if (found !== undefined && from !== "absent" && to !== "gone" && to !== from) {
    await updateHold(tx, promotionHoldId, to);
    await shiftShares(tx, { promotionHoldId, accountId: found.accountId }, shiftOf(from, to));
    await moveCoupons(tx, promotionHoldId, couponStateOf(to));
  }
  return { from, to };
};

const shiftShares = async (
  tx: Tx,
  { promotionHoldId, accountId }: { promotionHoldId: string; accountId: string | null },
  shift: Shift,
): Promise<void> => {
  for (const share of await findShares(tx, promotionHoldId)) {
    await shiftBudget(tx, share, shift);
    if (accountId !== null) await shiftAccountUse(tx, { ...share, accountId }, shift);
  }
};

/** Whether it was made now. Leans on promotion_hold_pkey, where a second one waits for the first. */
const insertHold = async (tx: Tx, hold: typeof promotionHold.$inferInsert): Promise<boolean> => {
  const made = await tx
    .insert(promotionHold)
    .values(hold)
    .onConflictDoNothing()
    .returning({ promotionHoldId: promotionHold.promotionHoldId });
  return made.length === 1;
};

/** Its state, which stays until this transaction ends. Leans on promotion_hold_pkey. */
const lockHold = async (tx: Tx, promotionHoldId: string) => {
  const [row] = await tx
    .select({ state: promotionHold.state, accountId: promotionHold.accountId })
    .from(promotionHold)
    .where(eq(promotionHold.promotionHoldId, promotionHoldId))
    .for("update");
  return row;
};

/** Leans on promotion_hold_pkey. */
const updateHold = async (tx: Tx, promotionHoldId: string, state: HoldState): Promise<void> => {
  await tx
    .update(promotionHold)
    .set({ state, changedAt: sql`now()` })
    .where(eq(promotionHold.promotionHoldId, promotionHoldId));
};

/** Leans on promotion_hold_share_is_there_twice, the primary key, which has the order too. */
const findShares = (tx: Tx, promotionHoldId: string): Promise<Share[]> =>
  tx
    .select({ promotionId: promotionHoldShare.promotionId, amountMinor: promotionHoldShare.amountMinor })
    .from(promotionHoldShare)
    .where(eq(promotionHoldShare.promotionHoldId, promotionHoldId))
    .orderBy(asc(promotionHoldShare.promotionId));

/** Leans on promotion_pkey. */
const shiftBudget = async (tx: Tx, share: Share, shift: Shift): Promise<void> => {
  const moved = await tx
    .update(promotion)
    .set({
      heldMinor: sql`${promotion.heldMinor} + ${shift.held * share.amountMinor}`,
      redeemedMinor: sql`${promotion.redeemedMinor} + ${shift.redeemed * share.amountMinor}`,
      usesHeld: sql`${promotion.usesHeld} + ${shift.held}::int`,
      usesRedeemed: sql`${promotion.usesRedeemed} + ${shift.redeemed}::int`,
    })
    .where(eq(promotion.promotionId, share.promotionId))
    .returning({ promotionId: promotion.promotionId });
  assert(moved.length === 1, "a share refers to its promotion, and promotions are never deleted");
};

/** Holds part of a budget and one use, if it is not stopped and that much is left, and something is. Leans on promotion_pkey. */
export const holdBudget = async (
  tx: Tx,
  { promotionId, amountMinor, currency }: Share & { readonly currency: string },
): Promise<{ accountUsesMax: number | null } | undefined> => {
  const spent = sql`${promotion.heldMinor} + ${promotion.redeemedMinor}`;
  const [held] = await tx
    .update(promotion)
    .set({
      heldMinor: sql`${promotion.heldMinor} + ${amountMinor}`,
      usesHeld: sql`${promotion.usesHeld} + 1`,
    })
    .where(
      and(
        eq(promotion.promotionId, promotionId),
        eq(promotion.currency, currency),
        isNull(promotion.stoppedAt),
        sql`${spent} < ${promotion.budgetMinor}`,
        sql`${spent} + ${amountMinor} <= ${promotion.budgetMinor}`,
        hasUsesLeft,
      ),
    )
    .returning({ accountUsesMax: promotion.accountUsesMax });
  return held;
};

export const insertShares = async (
  tx: Tx,
  promotionHoldId: string,
  shares: readonly Share[],
): Promise<void> => {
  await tx.insert(promotionHoldShare).values(shares.map((share) => ({ ...share, promotionHoldId })));
};
