import { sql } from "drizzle-orm";
import type { Wallet } from "@shopnexus/contracts/account/wallet";
import type { Tx } from "#db/_kit/database.ts";
import { once } from "#db/_kit/once.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { walletHold } from "#db/account/ledger.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { endHold, findHold, recordEntries } from "./rows.ts";
import { holdPostings } from "./rules.ts";

export const free: Step<typeof Wallet, "free"> = async ({ walletHoldId }, { db }) => {
  await inTransaction(db, (tx) => giveBack(tx, walletHoldId));
  return {};
};

const giveBack = async (tx: Tx, walletHoldId: string): Promise<void> => {
  for (;;) {
    const freed = await endHold(tx, walletHoldId, { state: "freed" });
    if (freed !== undefined) return recordEntries(tx, holdPostings(freed, "free"));
    if (await once(tx, walletHold, { walletHoldId, state: "freed", freedAt: sql`now()` })) return;
    // Still held: it was written while this ran, and is there for the next round.
    if ((await findHold(tx, walletHoldId))?.state !== "held") return;
  }
};
