import { eq } from "drizzle-orm";
import type { Profile } from "@shopnexus/contracts/account/profile";
import { inTransaction } from "#db/_kit/transaction.ts";
import { account } from "#db/account/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { selectMe } from "./rows.ts";

export const edit: Step<typeof Profile, "edit"> = ({ displayName }, { who, db }) => {
  const { accountId } = accountOf(who);
  return inTransaction(db, async (tx) => {
    await tx.update(account).set({ displayName }).where(eq(account.accountId, accountId));
    return selectMe(tx, accountId);
  });
};
