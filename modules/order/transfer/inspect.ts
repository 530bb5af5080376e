import { and, asc, eq, sql } from "drizzle-orm";
import type { Transfer } from "@shopnexus/contracts/order/transfer";
import type { Db } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { payout, payoutReturn } from "#db/order/payouts.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { payoutsOf } from "../payout/bank/banks.ts";
import { findPayout } from "./rows.ts";
import { type PayoutRow, toView } from "./rules.ts";

/** Before it is known to be sent there is nothing to ask after: whoever sends it looks for itself. */
export const inspect: Step<typeof Transfer, "inspect"> = async ({ payoutId }, { db, settings }) => {
  const before = await findPayout(db, payoutId);
  if (before === undefined || before.transferRef === null)
    return { payout: before === undefined ? null : toView(before), returns: [] };
  if (before.state === "sent") {
    const { returnedMinor } = await payoutsOf(settings).status(before.transferRef);
    if (returnedMinor > before.returnedMinor) await noteReturn(db, before, returnedMinor);
  }
  const after = await findPayout(db, payoutId);
  return { payout: toView(after ?? before), returns: await returnsOf(db, payoutId) };
};

/** The row that remembers, and what it adds up to; of several at once with the same news one writes it. */
const noteReturn = async (
  db: Db,
  { payoutId, amountMinor, returnedMinor: beforeMinor }: PayoutRow,
  uptoMinor: number,
): Promise<void> => {
  await inTransaction(db, async (tx) => {
    const [noted] = await tx
      .update(payout)
      .set({
        returnedMinor: uptoMinor,
        ...(uptoMinor === amountMinor && { state: "reversed" as const, endedAt: sql`now()` }),
      })
      .where(and(eq(payout.payoutId, payoutId), eq(payout.returnedMinor, beforeMinor)))
      .returning({ payoutId: payout.payoutId });
    if (noted === undefined) return;
    await tx.insert(payoutReturn).values({ payoutId, uptoMinor, minor: uptoMinor - beforeMinor });
  });
};

/** In the order that they came. Leans on the primary key. */
const returnsOf = (db: Db, payoutId: string) =>
  db
    .select({ uptoMinor: payoutReturn.uptoMinor, minor: payoutReturn.minor })
    .from(payoutReturn)
    .where(eq(payoutReturn.payoutId, payoutId))
    .orderBy(asc(payoutReturn.uptoMinor));
