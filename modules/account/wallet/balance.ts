import { and, asc, eq, sql } from "drizzle-orm";
import type { Wallet } from "@shopnexus/contracts/account/wallet";
import type { Instant } from "@shopnexus/contracts/kit/time";
import type { Db } from "#db/_kit/database.ts";
import { entry, entryLine } from "#db/account/ledger.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { type AccountSum, selectSums } from "./rows.ts";
import { toSum } from "./rules.ts";

export const balance: Step<typeof Wallet, "balance"> = async ({ account, at }, { db }) => {
  const sums = at === undefined ? await selectSums(db, [account]) : await sumUntil(db, account, at);
  return { balances: sums.map(toSum) };
};

/** An instant on the wire ends at the millisecond, a time in a row does not. */
const isPostedUntil = (at: Instant) =>
  sql`date_trunc('milliseconds', ${entry.postedAt}) <= ${at}::timestamptz`;

/** From the lines, by `entry_line_of_account`: what was posted when is on their entries. */
const sumUntil = (db: Db, account: string, at: Instant): Promise<AccountSum[]> =>
  db
    .select({
      account: entryLine.account,
      currency: entryLine.currency,
      minor: sql`sum(${entryLine.minor})`.mapWith(Number),
    })
    .from(entryLine)
    .innerJoin(entry, eq(entry.entryId, entryLine.entryId))
    .where(and(eq(entryLine.account, account), isPostedUntil(at)))
    .groupBy(entryLine.account, entryLine.currency)
    .orderBy(asc(entryLine.currency));
