import { asc, eq, lte, sql } from "drizzle-orm";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Due, Earnings } from "@shopnexus/contracts/order/earnings";
import type { Db, Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { bankAccount, payoutSchedule } from "#db/order/payouts.ts";
import { sha256 } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { nextAt } from "./rules.ts";

/** A repeat whose first answer was lost finds what it took by its own name. */
export const claimDue: Step<typeof Earnings, "claimDue"> = async ({ limit }, { db, callKey }) => {
  const claimedByCall = sha256(callKey);
  const before = await claimedBy(db, claimedByCall);
  if (before.length > 0) return { due: before };
  await inTransaction(db, (tx) => take(tx, claimedByCall, limit));
  return { due: await claimedBy(db, claimedByCall) };
};

/** Those that another is taking are passed over; those it has taken are no longer due when this writes. */
const take = async (tx: Tx, claimedByCall: string, limit: number): Promise<void> => {
  const { accountId, every, day, nextAt: dueAt } = payoutSchedule;
  const due = await tx
    .select({ accountId, every, day })
    .from(payoutSchedule)
    .where(lte(dueAt, sql`now()`))
    .orderBy(asc(dueAt))
    .limit(limit)
    .for("update", { skipLocked: true });
  const nowMs = Date.now();
  const moves = due.map((one) => ({ account_id: one.accountId, next_at: nextAt(one, nowMs) }));
  await tx.execute(sql`
    update ${payoutSchedule} as due
    set next_at = move.next_at, claimed_by_call = ${claimedByCall}, claimed_for = due.next_at
    from jsonb_to_recordset(${JSON.stringify(moves)}::text::jsonb) as move (account_id text, next_at timestamptz)
    where due.account_id = move.account_id and due.next_at <= now()`);
};

/** Leans on payout_schedule_claimed, and on the primary key of bank accounts. */
const claimedBy = async (db: Db, claimedByCall: string): Promise<Due[]> => {
  const rows = await db
    .select({
      accountId: payoutSchedule.accountId,
      claimedFor: payoutSchedule.claimedFor,
      currencies: sql<string[]>`(
        select coalesce(json_agg(distinct b.currency), '[]') from ${bankAccount} b
        where b.account_id = "payout_schedule"."account_id")`,
    })
    .from(payoutSchedule)
    .where(eq(payoutSchedule.claimedByCall, claimedByCall));
  return rows.flatMap(({ accountId, claimedFor, currencies }) =>
    claimedFor === null ? [] : [{ accountId, currencies, dueAt: instant(claimedFor.getTime()) }],
  );
};
