import { sql } from "drizzle-orm";
import type { Wallet } from "@shopnexus/contracts/account/wallet";
import type { Db } from "#db/_kit/database.ts";
import { balance, entry, entryLine, statementLine, walletHold } from "#db/account/ledger.ts";
import type { Step } from "#modules/_kit/handler.ts";

export const audit: Step<typeof Wallet, "audit"> = async (_input, { db }) => ({
  unbalanced: await selectUnbalanced(db),
  drifted: await selectDrifted(db),
  negative: await selectNegative(db),
});

/** More than anybody reads: one is an alarm already. */
const ALARM_COUNT_MAX = 100;

/** Entries whose lines do not add up to zero, or are not as many as the entry says. Reads every line. */
const selectUnbalanced = async (db: Db): Promise<string[]> => {
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

/**
 * Guarded accounts whose balance is not the sum of their lines, held ones whose balance is not the sum of what holds
 * hold, and people's whose statement tells another story. In one statement and so at one moment.
 */
const selectDrifted = async (db: Db): Promise<string[]> => {
  const found = await db.execute(sql`
    with summed as materialized (
      select account, currency, sum(minor) as total from ${entryLine} as line
      where account ~ '^(escrow|wallet|held):' group by account, currency),
    aside as (
      select 'held:' || account_id as account, currency, sum(minor) as total from ${walletHold} as hold
      where state = 'held' group by account_id, currency),
    told as materialized (
      select account, currency, minor, balance_after,
        sum(minor) over (partition by account, currency order by position) as total
      from ${statementLine} as line)
    select account, currency from summed full join ${balance} as held using (account, currency)
      where coalesce(summed.total, 0) <> coalesce(held.minor, 0)
    union
    select account, currency from aside
      full join (select * from ${balance} as held where account like 'held:%') as held using (account, currency)
      where coalesce(aside.total, 0) <> coalesce(held.minor, 0)
    union
    select account, currency from told where balance_after <> total
    union
    select account, currency from (
      select account, currency, sum(minor) as total from told group by account, currency) as said
      full join (select * from summed where account not like 'escrow:%') as own using (account, currency)
      where coalesce(said.total, 0) <> coalesce(own.total, 0)
    order by account, currency limit ${ALARM_COUNT_MAX}`);
  return found.map(named);
};

const selectNegative = async (db: Db): Promise<string[]> => {
  const found = await db.execute(sql`
    select account, currency from ${balance} as held where minor < 0
    order by account, currency limit ${ALARM_COUNT_MAX}`);
  return found.map(named);
};

const named = (row: Record<string, unknown>): string =>
  `${String(row["account"])} ${String(row["currency"])}`;
