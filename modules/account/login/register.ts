import { type Login, LoginRefusals } from "@shopnexus/contracts/account/login";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { accountRole } from "#db/account/tables.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { hashPassword } from "./password/argon2id.ts";
import { insertAccount, type NewAccount, ownsEmail } from "./rows.ts";

export const register: Step<typeof Login, "register"> = async (input, { db, callKey }) => {
  const accountId = deriveId("acc", callKey);
  const passwordHash = await hashPassword(input.password);
  await inTransaction(db, (tx) =>
    openAccount(tx, { accountId, email: input.email, displayName: input.displayName, passwordHash }),
  );
  return { accountId };
};

/** `account_email_taken` decides between two at once; who is turned away looks whether it met itself. */
const openAccount = async (tx: Tx, row: NewAccount): Promise<void> => {
  if (await insertAccount(tx, row)) {
    await tx
      .insert(accountRole)
      .values({ accountId: row.accountId, role: "account", grantedBy: row.accountId });
  } else if (!(await ownsEmail(tx, row.accountId, row.email))) {
    throw refuse(LoginRefusals.EMAIL_TAKEN, {});
  }
};
