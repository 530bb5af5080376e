import { type Profile, ProfileRefusals } from "@shopnexus/contracts/account/profile";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { once } from "#db/_kit/once.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { suspension } from "#db/account/tables.ts";
import { sha256 } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { findAccount, selectStanding } from "./rows.ts";

export const suspend: Step<typeof Profile, "suspend"> = ({ accountId, reason }, { who, db, callKey }) =>
  inTransaction(db, async (tx) => {
    // Accounts are never deleted: one that is found here is still there below.
    if ((await findAccount(tx, accountId)) === undefined) throw refuse(ProfileRefusals.ACCOUNT_UNKNOWN, {});
    const row = { suspendedByCall: sha256(callKey), accountId, reason, suspendedBy: actorOf(who) };
    await once(tx, suspension, row);
    return selectStanding(tx, accountId);
  });
