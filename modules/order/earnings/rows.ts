/** SQL that the verbs of Earnings share. */
import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import { cutPage } from "@shopnexus/contracts/kit/page";
import type { Db, Tx } from "#db/_kit/database.ts";
import { bankAccount, payout } from "#db/order/payouts.ts";
import { toView } from "../transfer/rules.ts";

/** The bank accounts that hold, one a currency. Leans on the primary key, from its end. */
export const selectBanks = (tx: Tx | Db, accountId: string, currency?: string) =>
  tx
    .selectDistinctOn([bankAccount.currency])
    .from(bankAccount)
    .where(
      and(
        eq(bankAccount.accountId, accountId),
        currency === undefined ? undefined : eq(bankAccount.currency, currency),
      ),
    )
    .orderBy(asc(bankAccount.currency), desc(bankAccount.version));

type Asked = { readonly after: string | undefined; readonly limit: number };

/**
 * Payouts, newest first. The cursor is the last one's id; one that is not among those asked for gives an empty page.
 * Leans on payouts_of_account, payouts_by_state or payouts_by_time.
 */
export const pageOfPayouts = async (db: Db, among: SQL | undefined, { after, limit }: Asked) => {
  const isOlder =
    after === undefined
      ? undefined
      : sql`(${payout.requestedAt}, ${payout.payoutId}) < (select p.requested_at, p.payout_id from ${payout} p where p.payout_id = ${after})`;
  const rows = await db
    .select()
    .from(payout)
    .where(and(among, isOlder))
    .orderBy(desc(payout.requestedAt), desc(payout.payoutId))
    .limit(limit + 1);
  return cutPage(rows.map(toView), limit, ({ payoutId }) => payoutId);
};
