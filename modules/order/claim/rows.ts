/** SQL that the verbs of Claim share: find claims, and show them. */
import { and, asc, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { instant } from "@shopnexus/contracts/kit/time";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import type { ClaimState, ClaimView } from "@shopnexus/contracts/order/complaint";
import type { Db, Tx } from "#db/_kit/database.ts";
import { claim, claimEvent, claimLine, dispute } from "#db/order/claims.ts";
import { checkoutLine } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { ClaimRow } from "../_kit/claims.ts";
import { outcomeOf } from "./rules.ts";

/** Leans on the primary key. */
export const findClaim = async (tx: Tx | Db, refundId: string): Promise<ClaimRow | undefined> => {
  const [row] = await tx.select().from(claim).where(eq(claim.refundId, refundId));
  return row;
};

/** Claims with their lines and disputes, in the order given: two statements however many. */
export const claimViews = async (tx: Tx | Db, rows: readonly ClaimRow[]): Promise<ClaimView[]> => {
  if (rows.length === 0) return [];
  const ids = rows.map(({ refundId }) => refundId);
  const lines = await tx
    .select({ line: claimLine, skuId: checkoutLine.skuId, title: checkoutLine.title })
    .from(claimLine)
    .innerJoin(checkoutLine, eq(checkoutLine.lineId, claimLine.lineId))
    .where(inArray(claimLine.refundId, ids))
    .orderBy(asc(checkoutLine.position));
  const disputes = await tx
    .select({ refundId: dispute.refundId, disputeId: dispute.disputeId })
    .from(dispute)
    .where(inArray(dispute.refundId, ids));
  return rows.map((row) => {
    const price = (minor: number) => ({ minor, currency: row.currency });
    const own = lines.filter(({ line }) => line.refundId === row.refundId);
    return {
      refundId: row.refundId,
      orderId: row.orderId,
      buyerId: row.buyerId,
      sellerId: row.sellerId,
      state: row.state,
      reason: row.reason,
      says: row.says,
      evidence: [...row.evidence],
      lines: own.map(({ line, skuId, title }) => ({
        lineId: line.lineId,
        skuId,
        title,
        pieces: line.pieces,
        asked: price(line.askedMinor),
        paid: line.paidMinor === null ? null : price(line.paidMinor),
      })),
      asked: price(row.askedMinor),
      paid: row.paidMinor === null ? null : price(row.paidMinor),
      disputeId: disputes.find(({ refundId }) => refundId === row.refundId)?.disputeId ?? null,
      shipmentId: row.shipmentId,
      dueAt: row.dueAt && instant(row.dueAt.getTime()),
      outcome: outcomeOf(row.state, row.escalatedAt !== null),
      openedAt: instant(row.openedAt.getTime()),
      endedAt: row.endedAt && instant(row.endedAt.getTime()),
    };
  });
};

/** One claim, as it stands. */
export const claimView = async (tx: Tx | Db, refundId: string): Promise<ClaimView> => {
  const row = await findClaim(tx, refundId);
  assert(row !== undefined, "claims are never deleted");
  const [view] = await claimViews(tx, [row]);
  assert(view !== undefined, "a view a row");
  return view;
};

/** Leans on claim_event_happened_once. */
export const eventsOf = (tx: Tx | Db, refundId: string, since = 0) =>
  tx
    .select()
    .from(claimEvent)
    .where(and(eq(claimEvent.refundId, refundId), sql`${claimEvent.version} > ${since}`))
    .orderBy(asc(claimEvent.version));

/** What people, and the run, are told of an event. */
export const happeningOf = ({ version, event, state, role, says, at }: typeof claimEvent.$inferSelect) => ({
  version,
  event,
  state,
  by: role,
  says,
  at: instant(at.getTime()),
});

type Asked = {
  readonly state?: ClaimState | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
};

/** A page of claims, newest first; a cursor that names none of them gives an empty one. Leans on claims_of_buyer and its like. */
export const claimPage = async (
  db: Db,
  whose: SQL | undefined,
  { state, after, limit = PAGE_LIMIT }: Asked,
) => {
  const isOlder =
    after === undefined
      ? undefined
      : sql`(${claim.openedAt}, ${claim.refundId}) < (select c.opened_at, c.refund_id from ${claim} c where c.refund_id = ${after})`;
  const rows = await db
    .select()
    .from(claim)
    .where(and(whose, state === undefined ? undefined : eq(claim.state, state), isOlder))
    .orderBy(desc(claim.openedAt), desc(claim.refundId))
    .limit(limit + 1);
  return cutPage(await claimViews(db, rows), limit, ({ refundId }) => refundId);
};

/** Pieces that money was paid back for before, by line. Leans on claims_of_line. */
export const paidPiecesOf = async (tx: Tx, lineIds: readonly string[]): Promise<Map<string, number>> => {
  const rows = await tx
    .select({ lineId: claimLine.lineId, pieces: sql<number>`sum(${claimLine.pieces})::int` })
    .from(claimLine)
    .where(and(inArray(claimLine.lineId, [...lineIds]), sql`${claimLine.paidMinor} is not null`))
    .groupBy(claimLine.lineId);
  return new Map(rows.map(({ lineId, pieces }) => [lineId, pieces]));
};
