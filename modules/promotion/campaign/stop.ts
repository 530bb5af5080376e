import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Campaign } from "@shopnexus/contracts/promotion/campaign";
import { PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { promotion, promotionTarget } from "#db/promotion/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { type AccountPrincipal, accountOf } from "#modules/_kit/principal.ts";
import { type PromotionRow, viewOf } from "../_kit/reading.ts";
import { findOwned, findTargets, ownedBy } from "../_kit/standing.ts";

export const stop: Step<typeof Campaign, "stop"> = ({ promotionId }, { db, who }) =>
  inTransaction(db, async (tx) => {
    const account = accountOf(who);
    const row = (await stopNow(tx, promotionId, account)) ?? (await findOwned(tx, promotionId, account));
    if (row === undefined) throw refuse(PromotionRefusals.PROMOTION_UNKNOWN, {});
    return viewOf(row, await findTargets(tx, promotionId));
  });

/** The promotion as it was stopped now; undefined where it was before, or is not theirs. Leans on promotion_pkey. */
const stopNow = async (
  tx: Tx,
  promotionId: string,
  account: AccountPrincipal,
): Promise<PromotionRow | undefined> => {
  const [row] = await tx
    .update(promotion)
    .set({ stoppedAt: sql`now()`, version: sql`${promotion.version} + 1` })
    .where(and(eq(promotion.promotionId, promotionId), ownedBy(account), isNull(promotion.stoppedAt)))
    .returning();
  if (row !== undefined) await endTargets(tx, promotionId);
  return row;
};

/** What is over must not cost a basket anything. Leans on promotion_target_is_there_twice, the primary key. */
const endTargets = async (tx: Tx, promotionId: string): Promise<void> => {
  await tx
    .update(promotionTarget)
    .set({ endsAt: sql`least(${promotionTarget.endsAt}, now())` })
    .where(eq(promotionTarget.promotionId, promotionId));
};
