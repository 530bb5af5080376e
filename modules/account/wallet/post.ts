import { type Wallet, WalletRefusals } from "@shopnexus/contracts/account/wallet";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { insertEntry, insertLines, moveBalances, selectBodyHash } from "./rows.ts";
import { bodyHash, isBalanced, type Line, movesOf, type Posting, shortOf } from "./rules.ts";

export const post: Step<typeof Wallet, "post"> = async (input, { db }) => {
  if (!isBalanced(input.lines)) throw refuse(WalletRefusals.ENTRY_UNBALANCED, {});
  const entryId = deriveId("ent", input.entryKey);
  await inTransaction(db, (tx) => record(tx, entryId, input));
  return { entryId };
};

const record = async (tx: Tx, entryId: string, { lines, ...head }: Posting): Promise<void> => {
  const hash = bodyHash({ ...head, lines });
  const isNew = await insertEntry(tx, { ...head, entryId, lineCount: lines.length, bodyHash: hash });
  if (!isNew) return beSame(tx, head.entryKey, hash);
  await insertLines(tx, entryId, lines);
  return move(tx, lines);
};

/** The key is there already: with the same lines this is a repeat, and all is done. */
const beSame = async (tx: Tx, entryKey: string, hash: string): Promise<void> => {
  if ((await selectBodyHash(tx, entryKey)) !== hash) throw refuse(WalletRefusals.ENTRY_KEY_REUSED, {});
};

/** Last of all, so that balances are held for as short as can be. */
const move = async (tx: Tx, lines: readonly Line[]): Promise<void> => {
  const moves = movesOf(lines);
  if (moves.length === 0) return;
  const short = shortOf(moves, await moveBalances(tx, moves));
  if (short !== undefined) throw refuse(WalletRefusals.FUNDS_SHORT, { account: short });
};
