import { and, desc, eq, or, sql } from "drizzle-orm";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import type { Dispute } from "@shopnexus/contracts/order/dispute";
import { dispute } from "#db/order/claims.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { disputeViews } from "./rows.ts";

export const list: Step<typeof Dispute, "list"> = async (
  { state, after, limit = PAGE_LIMIT },
  { db, who },
) => {
  const { accountId, roles } = accountOf(who);
  const isParty = or(eq(dispute.buyerId, accountId), eq(dispute.sellerId, accountId));
  const isOlder =
    after === undefined
      ? undefined
      : sql`(${dispute.openedAt}, ${dispute.disputeId}) < (select d.opened_at, d.dispute_id from ${dispute} d where d.dispute_id = ${after})`;
  const rows = await db
    .select()
    .from(dispute)
    .where(
      and(
        roles.includes("operator") ? undefined : isParty,
        state === undefined ? undefined : eq(dispute.state, state),
        isOlder,
      ),
    )
    .orderBy(desc(dispute.openedAt), desc(dispute.disputeId))
    .limit(limit + 1);
  return cutPage(await disputeViews(db, rows), limit, ({ disputeId }) => disputeId);
};
