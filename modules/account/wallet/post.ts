import type { Wallet } from "@shopnexus/contracts/account/wallet";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { recordEntries } from "./rows.ts";
import { entryIdOf } from "./rules.ts";

export const post: Step<typeof Wallet, "post"> = async (posting, { db }) => {
  await inTransaction(db, (tx) => recordEntries(tx, [posting]));
  return { entryId: entryIdOf(posting.entryKey) };
};
