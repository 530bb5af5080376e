/** SQL that the verbs of Transfer share. */
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { PgUpdateSetSource } from "drizzle-orm/pg-core";
import type { PayoutDecision, PayoutState } from "@shopnexus/contracts/order/payout";
import type { Db, Tx } from "#db/_kit/database.ts";
import { payout } from "#db/order/payouts.ts";
import type { PayoutRow } from "./rules.ts";

/** One payout. Leans on the primary key. */
export const findPayout = async (tx: Tx | Db, payoutId: string): Promise<PayoutRow | undefined> => {
  const [row] = await tx.select().from(payout).where(eq(payout.payoutId, payoutId));
  return row;
};

type Place = { readonly payoutId: string; readonly from: readonly PayoutState[] };

/** Moves a payout on, if it is in one of the states named. Gives the row as it is then. Leans on the primary key. */
export const movePayout = async (
  tx: Tx | Db,
  { payoutId, from }: Place,
  set: PgUpdateSetSource<typeof payout>,
): Promise<PayoutRow | undefined> => {
  const [row] = await tx
    .update(payout)
    .set(set)
    .where(and(eq(payout.payoutId, payoutId), inArray(payout.state, [...from])))
    .returning();
  return row;
};

type Word = {
  readonly decision: PayoutDecision;
  readonly note: string | null;
  readonly decidedBy: string;
  readonly decidedByCall: string;
};

/** Writes the first word about a waiting payout down; undefined when there was one before, or nothing waits. */
export const decideOnce = async (
  tx: Tx | Db,
  payoutId: string,
  word: Word,
): Promise<PayoutRow | undefined> => {
  const [row] = await tx
    .update(payout)
    .set({ ...word, decidedAt: sql`now()`, dueAt: null })
    .where(
      and(
        eq(payout.payoutId, payoutId),
        isNull(payout.decision),
        inArray(payout.state, ["awaiting_approval", "suspended"]),
      ),
    )
    .returning();
  return row;
};
