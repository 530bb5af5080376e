/** The ledger against itself: entries balance, balances are the sum of their lines, holds and statements agree. */
import type { Sql } from "postgres";
import { type Check, checkOf } from "./report.ts";
import { isIn, slicesOf } from "./slices.ts";

const count = async (sql: Sql, table: string): Promise<number> => {
  const [row] = await sql<[{ n: number }]>`select count(*)::int as n from ${sql(table)}`;
  return row.n;
};

export const auditLedger = async (sql: Sql): Promise<Check[]> => [
  await entriesBalance(sql),
  await balancesAgree(sql),
  await holdsAgree(sql),
  await statementsAgree(sql),
  await nothingForbiddenIsNegative(sql),
];

const entriesBalance = async (sql: Sql): Promise<Check> => {
  const check = checkOf("entries", "every entry has all its lines, and they add up to zero in each currency");
  check.look(await count(sql, "account.entry"));
  for (const slice of await slicesOf(sql, "account.entry", "entry_id")) {
    const wrong = await sql`
      select e.entry_id, e.line_count, coalesce(w.lines, 0) as lines, w.off
      from account.entry e left join (
        select entry_id, sum(n)::int as lines, string_agg(total || ' ' || currency, ', ') filter (where total <> 0) as off
        from (select entry_id, currency, count(*) as n, sum(minor) as total from account.entry_line
              where ${isIn(sql, "entry_id", slice)} group by 1, 2) by_currency
        group by entry_id) w using (entry_id)
      where ${isIn(sql, "e.entry_id", slice)} and (w.off is not null or coalesce(w.lines, 0) <> e.line_count)`;
    for (const row of wrong)
      check.find(
        row["entry_id"],
        row["off"] === null
          ? `has ${row["lines"]} of its ${row["line_count"]} lines`
          : `is off by ${row["off"]}`,
      );
  }
  return check.end();
};

const balancesAgree = async (sql: Sql): Promise<Check> => {
  const check = checkOf("balances", "every balance is the sum of its account's lines");
  check.look(await count(sql, "account.balance"));
  for (const slice of await slicesOf(sql, "account.balance", "account")) {
    const wrong = await sql`
      select account, currency, coalesce(l.total, 0)::text as lines, coalesce(b.minor, 0)::text as balance
      from (select account, currency, sum(minor) as total from account.entry_line
            where ${isIn(sql, "account", slice)} and account ~ '^(escrow|wallet|held):' group by 1, 2) l
      full join (select * from account.balance where ${isIn(sql, "account", slice)}) b using (account, currency)
      where coalesce(l.total, 0) <> coalesce(b.minor, 0)`;
    for (const row of wrong)
      check.find(
        `${row["account"]} ${row["currency"]}`,
        `holds ${row["balance"]}, its lines say ${row["lines"]}`,
      );
  }
  return check.end();
};

const holdsAgree = async (sql: Sql): Promise<Check> => {
  const check = checkOf("wallet holds", "what is held of a wallet is what its open holds say");
  check.look(await count(sql, "account.wallet_hold"));
  const wrong = await sql`
    select account, currency, coalesce(h.total, 0)::text as holds, coalesce(b.minor, 0)::text as balance
    from (select 'held:' || account_id as account, currency, sum(minor) as total from account.wallet_hold
          where state = 'held' group by 1, 2) h
    full join (select * from account.balance where account like 'held:%') b using (account, currency)
    where coalesce(h.total, 0) <> coalesce(b.minor, 0)`;
  for (const row of wrong)
    check.find(
      `${row["account"]} ${row["currency"]}`,
      `holds ${row["balance"]}, its holds say ${row["holds"]}`,
    );
  return check.end();
};

const statementsAgree = async (sql: Sql): Promise<Check> => {
  const check = checkOf("statements", "what people read of their money is what the entries did");
  check.look(await count(sql, "account.statement_line"));
  const wrong = await sql`
    select account, currency, coalesce(s.total, 0)::text as said, coalesce(b.minor, 0)::text as balance
    from (select account, currency, sum(minor) as total from account.statement_line group by 1, 2) s
    full join (select * from account.balance where account ~ '^(wallet|held):') b using (account, currency)
    where coalesce(s.total, 0) <> coalesce(b.minor, 0)
    union all
    select account, currency, total::text, balance_after::text
    from (select account, currency, balance_after,
            sum(minor) over (partition by account, currency order by position) as total
          from account.statement_line) t
    where balance_after <> total`;
  for (const row of wrong)
    check.find(
      `${row["account"]} ${row["currency"]}`,
      `says ${row["said"]} where ${row["balance"]} is right`,
    );
  return check.end();
};

const nothingForbiddenIsNegative = async (sql: Sql): Promise<Check> => {
  const check = checkOf(
    "negatives",
    "no escrow and no held money is below zero; a wallet only by what its owner owes back",
  );
  check.look(await count(sql, "account.balance"));
  const wrong = await sql`
    select account, currency, minor::text from account.balance b
    where minor < 0 and (account not like 'wallet:%' or not exists (
      select from account.entry_line l join account.entry e using (entry_id)
      where l.account = b.account and l.currency = b.currency and e.overdraws and l.minor < 0))`;
  for (const row of wrong) check.find(`${row["account"]} ${row["currency"]}`, `is at ${row["minor"]}`);
  return check.end();
};
