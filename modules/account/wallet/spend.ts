import { type Wallet, WalletRefusals } from "@shopnexus/contracts/account/wallet";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { endHold, findHold, recordEntries } from "./rows.ts";
import { entryIdOf, gone, type Posting, takesAll } from "./rules.ts";

export const spend: Step<typeof Wallet, "spend"> = async ({ walletHoldId, ...posting }, { db }) => {
  await inTransaction(db, (tx) => take(tx, { ...posting, spends: walletHoldId }));
  return { entryId: entryIdOf(posting.entryKey) };
};

const take = async (tx: Tx, posting: Posting & { spends: string }): Promise<void> => {
  const spentByEntryId = entryIdOf(posting.entryKey);
  const spent = await endHold(tx, posting.spends, { state: "spent", spentByEntryId });
  if (spent === undefined) return beSame(tx, posting, spentByEntryId);
  if (!takesAll(posting.lines, spent)) throw refuse(WalletRefusals.WALLET_HOLD_DIFFERS, {});
  await recordEntries(tx, [posting]);
};

/** Spent by this very entry, it is a repeat, unless the lines are others. */
const beSame = async (
  tx: Tx,
  posting: Posting & { spends: string },
  spentByEntryId: string,
): Promise<void> => {
  const known = await findHold(tx, posting.spends);
  if (known?.spentByEntryId !== spentByEntryId) throw gone(known);
  await recordEntries(tx, [posting]);
};
