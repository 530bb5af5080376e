import type { Wallet } from "@shopnexus/contracts/account/wallet";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { findHold, insertHold, recordEntries } from "./rows.ts";
import { type HoldAsk, holdPostings, refusalOf } from "./rules.ts";

export const hold: Step<typeof Wallet, "hold"> = async (ask, { db }) => {
  await inTransaction(db, (tx) => setAside(tx, ask));
  return {};
};

const setAside = async (tx: Tx, ask: HoldAsk): Promise<void> => {
  const held = { ...ask, overdraws: ask.overdraws ?? false };
  if (!(await insertHold(tx, held))) return beSame(tx, ask);
  await recordEntries(tx, holdPostings(held, "hold"));
};

const beSame = async (tx: Tx, ask: HoldAsk): Promise<void> => {
  const known = await findHold(tx, ask.walletHoldId);
  assert(known !== undefined, "holds are never deleted, and this one was in the way");
  const refusal = refusalOf(known, ask);
  if (refusal !== undefined) throw refusal;
};
