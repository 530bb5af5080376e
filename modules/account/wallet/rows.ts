/** SQL of the ledger. Order of locks, everywhere: the hold, then entries by key, then balances by account. */
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { WalletRefusals } from "@shopnexus/contracts/account/wallet";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Db, Tx } from "#db/_kit/database.ts";
import { balance, entry, entryLine, statementLine, walletHold } from "#db/account/ledger.ts";
import { assert } from "#modules/_kit/assert.ts";
import {
  type Draft,
  draftsOf,
  type EntryRow,
  type Held,
  type HoldRow,
  isGuarded,
  type Move,
  type MovedKey,
  movesOf,
  type Posting,
  shortOf,
} from "./rules.ts";

/** Posts entries in the order given, all of them or none; what was posted before is left as it is. */
export const recordEntries = async (tx: Tx, postings: readonly Posting[]): Promise<void> => {
  const drafts = draftsOf(postings);
  const fresh = await insertEntries(tx, drafts);
  const added = drafts.filter(({ entryId }) => fresh.has(entryId));
  await beSame(
    tx,
    drafts.filter(({ entryId }) => !fresh.has(entryId)),
  );
  if (added.length === 0) return;
  await insertLines(tx, added);
  // Last of all, so that balances are held for as short as can be.
  const moves = movesOf(added);
  const short = shortOf(moves, moves.length === 0 ? [] : await moveBalances(tx, moves));
  if (short !== undefined) throw refuse(WalletRefusals.FUNDS_SHORT, { account: short });
};

/** Those whose key was free. By key, so that two with the same keys queue; waits for whoever is posting under one. */
const insertEntries = async (tx: Tx, drafts: readonly Draft[]): Promise<Set<string>> => {
  if (drafts.length === 0) return new Set();
  const rows = drafts
    .map(({ lines, spends: _spends, ...head }) => ({ ...head, lineCount: lines.length }))
    .toSorted((one, other) => (one.entryKey < other.entryKey ? -1 : 1));
  const inserted = await tx
    .insert(entry)
    .values(rows)
    .onConflictDoNothing()
    .returning({ entryId: entry.entryId });
  return new Set(inserted.map(({ entryId }) => entryId));
};

/** The keys are there already: with the same lines this is a repeat, and all is done. By `entry_key_reused`. */
const beSame = async (tx: Tx, drafts: readonly Draft[]): Promise<void> => {
  if (drafts.length === 0) return;
  const keys = drafts.map(({ entryKey }) => entryKey);
  const known = await tx
    .select({ entryKey: entry.entryKey, bodyHash: entry.bodyHash })
    .from(entry)
    .where(inArray(entry.entryKey, keys));
  const hashes = new Map(known.map(({ entryKey, bodyHash }) => [entryKey, bodyHash]));
  if (drafts.some(({ entryKey, bodyHash }) => hashes.get(entryKey) !== bodyHash))
    throw refuse(WalletRefusals.ENTRY_KEY_REUSED, {});
};

/** All lines in one statement: a trigger refuses part of an entry. */
const insertLines = async (tx: Tx, drafts: readonly Draft[]): Promise<void> => {
  const rows = drafts.flatMap(({ entryId, lines }) =>
    lines.map((line, position) => ({ ...line, entryId, position })),
  );
  await tx.insert(entryLine).values(rows);
};

/**
 * Moves guarded balances and says which moved; one that would fall too low does not. One statement, and it takes the
 * rows in order, so entries that share accounts queue and never deadlock. A debit of an account without a row is not
 * proposed at all: the row that is proposed must itself pass the CHECK, before the conflict is seen. Statement lines
 * are numbered while the balances are held, so their order is that in which the balances moved.
 */
const moveBalances = async (tx: Tx, moves: readonly Move[]): Promise<MovedKey[]> => {
  const steps = moves
    .filter(({ account }) => !account.startsWith("escrow:"))
    .flatMap(({ account, currency, steps: own }) => own.map((step) => ({ account, currency, ...step })));
  const ofHeld = (column: string) =>
    sql`(select ${sql.raw(column)} from move where move.account = held.account and move.currency = held.currency)`;
  const moved = await tx.execute(sql`
    with move as materialized (
      select account, currency, delta, low
      from jsonb_to_recordset(${JSON.stringify(moves)}::text::jsonb)
        as given (account text, currency char(3), delta bigint, low bigint)),
    moved as (
      insert into ${balance} as held (account, currency, minor)
      select account, currency, case when low < 0 then greatest(delta, 0) else delta end from move
      where coalesce(low, 0) >= 0 or exists (
        select from ${balance} as known where known.account = move.account and known.currency = move.currency)
      order by account, currency
      on conflict (account, currency) do update set minor = held.minor + ${ofHeld("delta")}
      where coalesce(held.minor + ${ofHeld("low")} >= 0, true)
      returning held.account, held.currency, held.minor),
    told as (
      insert into ${statementLine} (account, currency, entry_id, minor, balance_after)
      select step.account, step.currency, step."entryId", step.delta, moved.minor + step."fromEnd"
      from rows from (jsonb_to_recordset(${JSON.stringify(steps)}::text::jsonb)
        as (account text, currency char(3), "entryId" text, delta bigint, "fromEnd" bigint))
        with ordinality as step (account, currency, "entryId", delta, "fromEnd", turn)
      join moved using (account, currency)
      order by step.turn)
    select account, currency from moved`);
  return moved.map(({ account, currency }) => ({ account: String(account), currency: String(currency) }));
};

/** Oldest first, by `entry_of_reference`. */
export const selectEntries = async (db: Db, reference: string): Promise<EntryRow[]> =>
  db
    .select({
      entryId: entry.entryId,
      entryKey: entry.entryKey,
      kind: entry.kind,
      reference: entry.reference,
      postedAt: entry.postedAt,
      line: { account: entryLine.account, minor: entryLine.minor, currency: entryLine.currency },
    })
    .from(entry)
    .innerJoin(entryLine, eq(entryLine.entryId, entry.entryId))
    .where(eq(entry.reference, reference))
    .orderBy(asc(entry.postedAt), asc(entry.entryId), asc(entryLine.position));

export type AccountSum = { readonly account: string; readonly currency: string; readonly minor: number };

/**
 * What accounts hold at one moment, by currency. Guarded ones by their rows, the others by the sum of their lines, which
 * is read from `entry_line_of_account` alone.
 */
export const selectSums = async (db: Db, accounts: readonly string[]): Promise<AccountSum[]> => {
  const among = (some: readonly string[]) =>
    sql`(select jsonb_array_elements_text(${JSON.stringify(some)}::text::jsonb))`;
  const found = await db.execute(sql`
    select account, currency, minor from ${balance} as held where account in ${among(accounts.filter(isGuarded))}
    union all
    select account, currency, sum(minor) from ${entryLine} as line
    where account in ${among(accounts.filter((account) => !isGuarded(account)))} group by account, currency
    order by account, currency`);
  return found.map(({ account, currency, minor }) => ({
    account: String(account),
    currency: String(currency),
    minor: Number(minor),
  }));
};

/** False when there is a row under this id. Waits for whoever is writing one. */
export const insertHold = async (tx: Tx, { amount, ...held }: Held): Promise<boolean> => {
  const row = { ...held, ...amount, state: "held", heldAt: sql`now()` } as const;
  const inserted = await tx
    .insert(walletHold)
    .values(row)
    .onConflictDoNothing()
    .returning({ walletHoldId: walletHold.walletHoldId });
  return inserted.length === 1;
};

/** The hold as committed by now. */
export const findHold = async (tx: Tx, walletHoldId: string): Promise<HoldRow | undefined> => {
  const [found] = await tx.select().from(walletHold).where(eq(walletHold.walletHoldId, walletHoldId));
  return found;
};

type Ending = { state: "freed" } | { state: "spent"; spentByEntryId: string };

/** Ends a hold that holds; undefined when there is none. Of several at once, one gets it. */
export const endHold = async (tx: Tx, walletHoldId: string, ending: Ending): Promise<Held | undefined> => {
  const at = ending.state === "freed" ? { freedAt: sql`now()` } : { spentAt: sql`now()` };
  const [ended] = await tx
    .update(walletHold)
    .set({ ...ending, ...at })
    .where(and(eq(walletHold.walletHoldId, walletHoldId), eq(walletHold.state, "held")))
    .returning();
  if (ended === undefined) return undefined;
  const { accountId, reference, currency, minor, overdraws } = ended;
  assert(
    accountId !== null && reference !== null && currency !== null && minor !== null && overdraws !== null,
    "only a tombstone holds nothing, and it is freed",
  );
  return { walletHoldId, accountId, reference, amount: { minor, currency }, overdraws };
};
