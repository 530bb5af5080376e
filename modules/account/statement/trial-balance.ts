import { type SQL, sql } from "drizzle-orm";
import type { Statement } from "@shopnexus/contracts/account/statement";
import { entry, entryLine } from "#db/account/ledger.ts";
import type { Step } from "#modules/_kit/handler.ts";

/** Reads every line, in one statement and so at one moment. */
export const trialBalance: Step<typeof Statement, "trialBalance"> = async ({ at }, { db }) => {
  const found = await db.execute(sql`
    select case when account like 'platform:%' then account else split_part(account, ':', 1) end as accounts, currency,
      coalesce(-sum(minor) filter (where minor < 0), 0) as debit,
      coalesce(sum(minor) filter (where minor > 0), 0) as credit
    from ${entryLine} as line ${at === undefined ? sql`` : postedUntil(at)}
    group by accounts, currency order by currency, accounts`);
  const rows = found.map(({ accounts, currency, debit, credit }) => ({
    accounts: String(accounts),
    currency: String(currency),
    debitMinor: Number(debit),
    creditMinor: Number(credit),
  }));
  return { rows };
};

/** An instant on the wire ends at the millisecond, a time in a row does not. */
const postedUntil = (at: string): SQL =>
  sql`join ${entry} as entry using (entry_id)
    where date_trunc('milliseconds', entry.posted_at) <= ${at}::timestamptz`;
