import type { Wallet } from "@shopnexus/contracts/account/wallet";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { recordEntries } from "./rows.ts";
import { entryIdOf } from "./rules.ts";

export const postAll: Step<typeof Wallet, "postAll"> = async ({ postings }, { db }) => {
  await inTransaction(db, (tx) => recordEntries(tx, postings));
  return { entryIds: postings.map(({ entryKey }) => entryIdOf(entryKey)) };
};
