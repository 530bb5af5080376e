import { and, desc, eq, sql } from "drizzle-orm";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Chargeback } from "@shopnexus/contracts/order/chargeback";
import { chargeback } from "#db/order/chargebacks.ts";
import type { Step } from "#modules/_kit/handler.ts";
import type { ChargebackRow } from "./rows.ts";

export const list: Step<typeof Chargeback, "list"> = async (
  { status, after, limit = PAGE_LIMIT },
  { db },
) => {
  const isOlder =
    after === undefined
      ? undefined
      : sql`(${chargeback.openedAt}, ${chargeback.chargebackId}) < (select c.opened_at, c.chargeback_id from ${chargeback} c where c.chargeback_id = ${after})`;
  const rows = await db
    .select()
    .from(chargeback)
    .where(and(status === undefined ? undefined : eq(chargeback.status, status), isOlder))
    .orderBy(desc(chargeback.openedAt), desc(chargeback.chargebackId))
    .limit(limit + 1);
  return cutPage(rows.map(viewOf), limit, ({ chargebackId }) => chargebackId);
};

const viewOf = (row: ChargebackRow) => ({
  chargebackId: row.chargebackId,
  gateway: row.gateway,
  disputeRef: row.disputeRef,
  chargeId: row.chargeId,
  checkoutId: row.checkoutId,
  amount: { minor: row.amountMinor, currency: row.currency },
  status: row.status,
  reason: row.reason,
  dueAt: row.dueAt && instant(row.dueAt.getTime()),
  openedAt: instant(row.openedAt.getTime()),
  endedAt: row.endedAt && instant(row.endedAt.getTime()),
});
