/** SQL that everything shares that changes claims: lock one with its order, and let something happen to it. */
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { ClaimEvent, ClaimState, Role } from "@shopnexus/contracts/order/complaint";
import type { LineReason } from "@shopnexus/contracts/order/line";
import type { z } from "zod";
import type { Db, Tx } from "#db/_kit/database.ts";
import { claim, claimLine } from "#db/order/claims.ts";
import { checkoutLine, type order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Deadlines } from "#modules/_kit/deadlines.ts";
import { countChange, type LineRow, lockOrder, moveLines } from "../line/rows.ts";
import { deadlineOf, isGivenUp, isOver, next } from "../claim/rules.ts";
import { endDispute, noteEvent, openDispute } from "./claim-events.ts";

export type ClaimRow = typeof claim.$inferSelect;
export type ClaimLineRow = typeof claimLine.$inferSelect;

/** A claim in the hands of whoever changes it: its order is locked, so nothing else moves meanwhile. */
export type Held = {
  readonly claim: ClaimRow;
  readonly asked: readonly ClaimLineRow[];
  readonly order: typeof order.$inferSelect;
  /** The lines that it asks for. */
  readonly lines: readonly LineRow[];
};

/** Leans on the primary keys. */
export const lockClaim = async (tx: Tx, refundId: string): Promise<Held | undefined> => {
  const [found] = await tx.select({ orderId: claim.orderId }).from(claim).where(eq(claim.refundId, refundId));
  const held = found && (await lockOrder(tx, found.orderId));
  if (held === undefined) return undefined;
  const [row] = await tx.select().from(claim).where(eq(claim.refundId, refundId)).for("update");
  assert(row !== undefined, "claims are never deleted");
  const asked = await linesOfClaim(tx, refundId);
  const ids = new Set(asked.map(({ lineId }) => lineId));
  return {
    claim: row,
    asked,
    order: held.head,
    lines: held.lines.filter(({ lineId }) => ids.has(lineId)),
  };
};

/** Leans on claim_line_asked_once. */
export const linesOfClaim = (tx: Tx | Db, refundId: string): Promise<ClaimLineRow[]> =>
  tx.select().from(claimLine).where(eq(claimLine.refundId, refundId)).orderBy(asc(claimLine.lineId));

/** The database's clock: every deadline is counted by the same one. */
export const nowOf = async (tx: Tx | Db): Promise<Date> => {
  const [row] = await tx.execute<{ now: string }>(sql`select now()::text as now`);
  assert(row !== undefined, "a select without a table gives a row");
  return new Date(row.now);
};

export const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

export type Happening = {
  readonly event: ClaimEvent;
  readonly role: z.infer<typeof Role>;
  readonly actorId?: string | undefined;
  readonly says?: string | undefined;
  readonly callKey: string;
  readonly deadlines: Deadlines;
  readonly set?: Partial<Pick<ClaimRow, "isSellable" | "paidMinor" | "shipmentId">> | undefined;
};

/**
 * Lets something happen to a claim, with all that follows from it: its lines resume, a dispute opens or ends, its next
 * deadline is set. Undefined where the table of states has no such way. Gives the version that it happened to.
 */
export const happen = async (
  tx: Tx,
  held: Held,
  happening: Happening,
): Promise<{ before: number } | undefined> => {
  const { claim: row } = held;
  const state = next(row.state, happening.event);
  if (state === undefined) return undefined;
  const now = await nowOf(tx);
  const orderVersion = await followLines(tx, held, { ...happening, state, now });
  if (state === "disputed" && row.state !== "disputed") await openDispute(tx, row, happening);
  if (row.state === "disputed" && state !== "disputed") await endDispute(tx, row.refundId, happening.event);
  const deadline = deadlineOf(state);
  const dueAt = deadline === undefined ? null : later(now, happening.deadlines[deadline]);
  await tx
    .update(claim)
    .set({
      ...happening.set,
      state,
      version: row.version + 1,
      dueAt,
      escalatedAt: happening.event === "escalate" ? now : state === row.state ? row.escalatedAt : null,
      endedAt: isOver(state) ? now : null,
    })
    .where(eq(claim.refundId, row.refundId));
  await showDue(tx, held, dueAt);
  await noteEvent(tx, row, { ...happening, state, version: row.version + 1, orderVersion });
  return { before: row.version };
};

type Following = Happening & { readonly state: ClaimState; readonly now: Date };

/** What becomes of the lines: given up, they are where they were; paid, their order has changed; settled, see `settle`. */
const followLines = async (tx: Tx, held: Held, { event, state, now, deadlines }: Following) => {
  const { orderId, refundId } = held.claim;
  if (event === "pay" || event === "settle") return (await countChange(tx, orderId)).before;
  if (!isGivenUp(state)) return null;
  await resumeLines(tx, held.lines, { now, deadlines });
  await letGo(tx, refundId);
  return (await countChange(tx, orderId)).before;
};

/** Lines go on where a claim found them, with a fresh deadline for what they wait for there. */
export const resumeLines = async (
  tx: Tx,
  lines: readonly LineRow[],
  { now, deadlines }: { now: Date; deadlines: Deadlines },
): Promise<void> => {
  for (const [state, own] of Map.groupBy(lines, ({ resumeState }) => resumeState)) {
    const waitMs =
      state === "delivered" ? deadlines.escrowMs : state === "shipped" ? deadlines.transitMs : null;
    await moveLines(tx, own, { event: "claim_closed", dueAt: waitMs === null ? null : later(now, waitMs) });
  }
};

export const refundLines = (tx: Tx, lines: readonly LineRow[], reason: LineReason): Promise<string[]> =>
  moveLines(tx, lines, { event: "claim_settled", reason });

/** Another claim may ask for the lines. Leans on claim_line_asked_once. */
export const letGo = async (tx: Tx, refundId: string): Promise<void> => {
  await tx.update(claimLine).set({ isLive: false }).where(eq(claimLine.refundId, refundId));
};

/** People see on the line until when its claim waits. */
const showDue = async (tx: Tx, { lines }: Held, dueAt: Date | null): Promise<void> => {
  const ids = lines.map(({ lineId }) => lineId);
  if (ids.length === 0) return;
  await tx
    .update(checkoutLine)
    .set({ dueAt })
    .where(and(inArray(checkoutLine.lineId, ids), eq(checkoutLine.state, "refunding")));
};
