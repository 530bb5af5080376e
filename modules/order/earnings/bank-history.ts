import { and, desc, eq, sql } from "drizzle-orm";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Earnings } from "@shopnexus/contracts/order/earnings";
import { bankAccount } from "#db/order/payouts.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { toBank } from "./rules.ts";

/** The cursor names the last change: its currency and version. Leans on bank_account_of_account. */
export const bankHistory: Step<typeof Earnings, "bankHistory"> = async (
  { accountId, after, limit = PAGE_LIMIT },
  { db },
) => {
  const { putAt, currency, version } = bankAccount;
  const isOlder =
    after === undefined
      ? undefined
      : sql`(${putAt}, ${currency}, ${version}) < (select b.put_at, b.currency, b.version from ${bankAccount} b where b.account_id = ${accountId} and b.currency || b.version = ${after})`;
  const rows = await db
    .select()
    .from(bankAccount)
    .where(and(eq(bankAccount.accountId, accountId), isOlder))
    .orderBy(desc(putAt), desc(currency), desc(version))
    .limit(limit + 1);
  const { items, ...rest } = cutPage(rows, limit, (row) => `${row.currency}${row.version}`);
  const changes = items.map((row) => ({
    ...toBank(row),
    changedBy: row.putBy,
    changedAt: instant(row.putAt.getTime()),
  }));
  return { items: changes, ...rest };
};
