/** SQL of the ledger. */
import { asc, eq, sql } from "drizzle-orm";
import { type Money, money } from "@shopnexus/contracts/kit/money";
import type { Db, Tx } from "#db/_kit/database.ts";
import { balance, entry, entryLine } from "#db/account/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { EntryRow, Line, Move, MovedKey } from "./rules.ts";

/** False when the key is taken. Waits for whoever is posting under the same key. */
export const insertEntry = async (tx: Tx, row: typeof entry.$inferInsert): Promise<boolean> => {
  const inserted = await tx
    .insert(entry)
    .values(row)
    .onConflictDoNothing({ target: entry.entryKey })
    .returning({ entryId: entry.entryId });
  return inserted.length === 1;
};

/** All lines in one statement: a trigger refuses part of an entry. */
export const insertLines = async (tx: Tx, entryId: string, lines: readonly Line[]): Promise<void> => {
  await tx.insert(entryLine).values(lines.map((line, position) => ({ ...line, entryId, position })));
};

/** By `entry_key_reused`. */
export const selectBodyHash = async (tx: Tx, entryKey: string): Promise<string> => {
  const [found] = await tx
    .select({ bodyHash: entry.bodyHash })
    .from(entry)
    .where(eq(entry.entryKey, entryKey));
  assert(found !== undefined, "entries are never deleted, and this one was in the way");
  return found.bodyHash;
};

/**
 * Moves guarded balances and says which moved; one that would go below zero does not. One statement, and it takes the
 * rows in order, so entries that share accounts queue and never deadlock. A debit of an account without a row is not
 * proposed at all: the row that is proposed must itself pass the CHECK, before the conflict is seen.
 */
export const moveBalances = async (tx: Tx, moves: readonly Move[]): Promise<MovedKey[]> => {
  const delta = sql`(select delta from move
    where move.account = held.account and move.currency = held.currency)`;
  const moved = await tx.execute(sql`
    with move as materialized (
      select account, currency, delta
      from jsonb_to_recordset(${JSON.stringify(moves)}::text::jsonb)
        as given (account text, currency char(3), delta bigint))
    insert into ${balance} as held (account, currency, minor)
    select account, currency, greatest(delta, 0) from move
    where delta >= 0 or exists (
      select from ${balance} as known where known.account = move.account and known.currency = move.currency)
    order by account, currency
    on conflict (account, currency) do update set minor = held.minor + ${delta}
    where held.minor + ${delta} >= 0
    returning held.account, held.currency`);
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

/** What a guarded account holds, by its row. */
export const selectBalances = async (db: Db, account: string): Promise<Money[]> => {
  const held = await db
    .select({ minor: balance.minor, currency: balance.currency })
    .from(balance)
    .where(eq(balance.account, account))
    .orderBy(asc(balance.currency));
  return held.map(({ minor, currency }) => money(minor, currency));
};

/** What any account holds, from its lines; from the index alone, by `entry_line_of_account`. */
export const sumLines = async (db: Db, account: string): Promise<Money[]> => {
  const summed = await db
    .select({ minor: sql`sum(${entryLine.minor})`.mapWith(Number), currency: entryLine.currency })
    .from(entryLine)
    .where(eq(entryLine.account, account))
    .groupBy(entryLine.currency)
    .orderBy(asc(entryLine.currency));
  return summed.map(({ minor, currency }) => money(minor, currency));
};

/** More than anybody reads: one is an alarm already. */
const ALARM_COUNT_MAX = 100;

/** Entries whose lines do not add up to zero, or are not as many as the entry says. Reads every line. */
export const selectUnbalanced = async (db: Db): Promise<string[]> => {
  const found = await db.execute(sql`
    select entry.entry_id from ${entry} as entry
    left join (
      select entry_id, sum(line_count) as line_count, bool_and(total = 0) as is_balanced
      from (select entry_id, currency, count(*) as line_count, sum(minor) as total
        from ${entryLine} as line group by entry_id, currency) as by_currency
      group by entry_id) as whole on whole.entry_id = entry.entry_id
    where whole.is_balanced is not true or whole.line_count <> entry.line_count
    order by entry.entry_id limit ${ALARM_COUNT_MAX}`);
  return found.map((row) => String(row["entry_id"]));
};

/** Guarded accounts whose balance is not the sum of their lines, in one statement and so at one moment. */
export const selectDrifted = async (db: Db): Promise<string[]> => {
  const found = await db.execute(sql`
    select account, currency
    from (select account, currency, sum(minor) as total from ${entryLine} as line
      where account ~ '^(escrow|wallet):' group by account, currency) as summed
    full join ${balance} as held using (account, currency)
    where coalesce(summed.total, 0) <> coalesce(held.minor, 0)
    order by account, currency limit ${ALARM_COUNT_MAX}`);
  return found.map((row) => `${String(row["account"])} ${String(row["currency"])}`);
};
