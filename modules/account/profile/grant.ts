import { type Profile, ProfileRefusals } from "@shopnexus/contracts/account/profile";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { findMe, insertRole, selectMe } from "./rows.ts";

export const grant: Step<typeof Profile, "grant"> = ({ accountId, role }, { who, db }) =>
  inTransaction(db, async (tx) => {
    // Accounts are never deleted: one that is found here is still there below.
    if ((await findMe(tx, accountId)) === undefined) throw refuse(ProfileRefusals.ACCOUNT_UNKNOWN, {});
    await insertRole(tx, { accountId, role, grantedBy: actorOf(who) });
    return selectMe(tx, accountId);
  });
