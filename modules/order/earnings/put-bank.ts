import { and, eq } from "drizzle-orm";
import type { BankAccount, Earnings } from "@shopnexus/contracts/order/earnings";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { bankAccount } from "#db/order/payouts.ts";
import { sha256 } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { selectBanks } from "./rows.ts";
import { isSameBank, toBank } from "./rules.ts";

export const putBank: Step<typeof Earnings, "putBank"> = (bank, { db, who, callKey }) => {
  const { accountId } = accountOf(who);
  const row = { ...bank, accountId, putBy: accountId, putByCall: sha256(callKey) };
  return inTransaction(db, (tx) => append(tx, row));
};

type NewBank = Omit<typeof bankAccount.$inferInsert, "version">;

/** Of several at once each finds what the one before has written, and none is lost. */
const append = async (tx: Tx, row: NewBank): Promise<BankAccount> => {
  for (;;) {
    const [newest] = await selectBanks(tx, row.accountId, row.currency);
    if (newest !== undefined && (isSameBank(newest, row) || (await isPutBy(tx, row)))) return toBank(newest);
    const [written] = await tx
      .insert(bankAccount)
      .values({ ...row, version: (newest?.version ?? 0) + 1 })
      .onConflictDoNothing()
      .returning();
    if (written !== undefined) return toBank(written);
  }
};

/** Leans on bank_account_put_twice_by_one_call. */
const isPutBy = async (tx: Tx, { accountId, putByCall }: NewBank): Promise<boolean> => {
  const found = await tx
    .select({ version: bankAccount.version })
    .from(bankAccount)
    .where(and(eq(bankAccount.putByCall, putByCall), eq(bankAccount.accountId, accountId)));
  return found.length > 0;
};
