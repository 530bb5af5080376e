import { desc, sql } from "drizzle-orm";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import { instant } from "@shopnexus/contracts/kit/time";
import type { GatewayName } from "@shopnexus/contracts/order/payment";
import type { Reconciliation } from "@shopnexus/contracts/order/reconciliation";
import { finding } from "#db/order/payments.ts";
import type { Step } from "#modules/_kit/handler.ts";

/** The cursor is the last finding's key. Leans on findings_newest. */
export const findings: Step<typeof Reconciliation, "findings"> = async (
  { after, limit = PAGE_LIMIT },
  { db },
) => {
  const isOlder =
    after === undefined
      ? undefined
      : sql`(${finding.foundAt}, ${finding.findingKey}) < (select f.found_at, f.finding_key from ${finding} f where f.finding_key = ${after})`;
  const rows = await db
    .select()
    .from(finding)
    .where(isOlder)
    .orderBy(desc(finding.foundAt), desc(finding.findingKey))
    .limit(limit + 1);
  const { items, ...rest } = cutPage(rows, limit, ({ findingKey }) => findingKey);
  return { items: items.map(viewOf), ...rest };
};

const viewOf = (row: typeof finding.$inferSelect) => ({
  findingKey: row.findingKey,
  gateway: row.gateway as GatewayName,
  kind: row.kind,
  gatewayRef: row.gatewayRef,
  chargeId: row.chargeId,
  amount:
    row.amountMinor === null || row.currency === null
      ? null
      : { minor: row.amountMinor, currency: row.currency },
  says: row.says,
  foundAt: instant(row.foundAt.getTime()),
  endedAt: row.endedAt === null ? null : instant(row.endedAt.getTime()),
});
