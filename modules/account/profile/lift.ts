import { and, eq, isNull, sql } from "drizzle-orm";
import { type Profile, ProfileRefusals } from "@shopnexus/contracts/account/profile";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { suspension } from "#db/account/tables.ts";
import { sha256 } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { findAccount, selectStanding } from "./rows.ts";

export const lift: Step<typeof Profile, "lift"> = ({ accountId }, { who, db, callKey }) =>
  inTransaction(db, async (tx) => {
    if ((await findAccount(tx, accountId)) === undefined) throw refuse(ProfileRefusals.ACCOUNT_UNKNOWN, {});
    await endSuspension(tx, accountId, { liftedBy: actorOf(who), liftedByCall: sha256(callKey) });
    return selectStanding(tx, accountId);
  });

/** A call that has lifted one lifts no other, should it come again: by `suspension_lifted_twice_by_one_call`. */
const endSuspension = async (
  tx: Tx,
  accountId: string,
  by: { liftedBy: string; liftedByCall: string },
): Promise<void> => {
  const isNew = sql`not exists (
    select from ${suspension} as earlier where earlier.lifted_by_call = ${by.liftedByCall})`;
  await tx
    .update(suspension)
    .set({ ...by, liftedAt: sql`now()` })
    .where(and(eq(suspension.accountId, accountId), isNull(suspension.liftedAt), isNew));
};
