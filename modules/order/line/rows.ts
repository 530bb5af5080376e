/** SQL that everything shares that changes lines: lock the order, move lines, move their money, count the version. */
import { and, asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { LineReason, LineState, Standing } from "@shopnexus/contracts/order/line";
import type { Db, Tx } from "#db/_kit/database.ts";
import { lineMoney } from "#db/order/line-money.ts";
import { checkoutLine, order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import { chargedBy, escrowOut, type Move } from "../_kit/money.ts";
import { type LineEvent, next, orderState, orderTab } from "../_kit/states.ts";

export type OrderRow = typeof order.$inferSelect;
export type LineRow = typeof checkoutLine.$inferSelect;
export type MoneyKind = (typeof lineMoney.$inferSelect)["kind"];

/** An order and its lines, in their order, for whoever is going to change them: others wait. Leans on the primary key. */
export const lockOrder = async (
  tx: Tx,
  orderId: string,
): Promise<{ head: OrderRow; lines: LineRow[] } | undefined> => {
  const [head] = await tx.select().from(order).where(eq(order.orderId, orderId)).for("update");
  return head === undefined ? undefined : { head, lines: await linesOfOrder(tx, orderId) };
};

/** The lines of an order, in their order. Leans on lines_of_order. */
export const linesOfOrder = (tx: Tx | Db, orderId: string): Promise<LineRow[]> =>
  tx.select().from(checkoutLine).where(eq(checkoutLine.orderId, orderId)).orderBy(asc(checkoutLine.position));

/** So long from now, by the clock that all deadlines are counted by. */
export const after = (ms: number): SQL => sql`now() + make_interval(secs => ${ms}::float8 / 1000)`;

export type Change = {
  readonly reason?: LineReason;
  readonly dueAt?: Date | SQL | null;
  readonly claimUntil?: Date | SQL;
  readonly shipmentId?: string | null;
  readonly decisionNote?: string;
};

/**
 * Lets an event happen to lines: each moves if the table of states says so from where it is at the moment of the write.
 * Gives the ids of those that moved.
 */
export const moveLines = async (
  tx: Tx,
  lines: readonly LineRow[],
  what: LineEvent | (Change & { readonly event: LineEvent }),
): Promise<string[]> => {
  const { event, ...change }: Change & { event: LineEvent } =
    typeof what === "string" ? { event: what } : what;
  const moved: string[] = [];
  for (const [state, own] of Map.groupBy(lines, (line) => line.state)) {
    const target = next(state, event);
    if (target === undefined) continue;
    const ids = own.map(({ lineId }) => lineId);
    const rows = await tx
      .update(checkoutLine)
      .set({
        ...change,
        state:
          target === "resume" ? sql`coalesce(${checkoutLine.resumeState}, ${checkoutLine.state})` : target,
        resumeState: resumeOf(state, target, event),
        stateAt: sql`now()`,
        stateVersion: sql`(select own.version from "order"."order" own where own.order_id = checkout_line.order_id)`,
        dueAt: change.dueAt ?? null,
      })
      .where(and(inArray(checkoutLine.lineId, ids), eq(checkoutLine.state, state)))
      .returning({ lineId: checkoutLine.lineId });
    moved.push(...rows.map(({ lineId }) => lineId));
  }
  return moved;
};

/** A claim remembers where it found the line; a delivery during a claim is remembered too. */
const resumeOf = (state: LineState, target: LineState | "resume", event: LineEvent): LineState | null => {
  if (target !== "refunding") return null;
  return event === "deliver" ? "delivered" : state;
};

export type LineMove = Move & { readonly lineId: string };

/** Moves money of lines under a key. False when the key was used before: then nothing is moved. Leans on line_money_moved_once. */
export const moveMoney = async (
  tx: Tx,
  { key, kind, orderId }: { key: string; kind: MoneyKind; orderId: string },
  moves: readonly LineMove[],
): Promise<boolean> => {
  if (moves.length === 0) return false;
  const written = await tx
    .insert(lineMoney)
    .values(moves.map((move) => ({ ...move, key, kind, orderId })))
    .onConflictDoNothing()
    .returning({ lineId: lineMoney.lineId });
  if (written.length === 0) return false;
  assert(written.length === moves.length, "a key moves the same lines in every repeat");
  for (const move of moves) await applyMove(tx, move);
  return true;
};

/** The CHECKs of the line say whether there was that much to move. */
const applyMove = async (tx: Tx, move: LineMove): Promise<void> => {
  await tx
    .update(checkoutLine)
    .set({
      escrowMinor: sql`${checkoutLine.escrowMinor} - ${escrowOut(move)}::bigint`,
      carriedMinor: sql`${checkoutLine.carriedMinor} + ${move.carriedMinor}::bigint`,
      releasedMinor: sql`${checkoutLine.releasedMinor} + ${move.releasedMinor}::bigint`,
      returnedMinor: sql`${checkoutLine.returnedMinor} + ${move.returnedMinor}::bigint`,
      clawedMinor: sql`${checkoutLine.clawedMinor} + ${move.clawedMinor}::bigint`,
      uncarriedMinor: sql`${checkoutLine.uncarriedMinor} + ${move.uncarriedMinor}::bigint`,
      chargedMinor: sql`${checkoutLine.chargedMinor} + ${chargedBy(move)}::bigint`,
      subsidizedMinor: sql`${checkoutLine.subsidizedMinor} + ${move.subsidizedMinor}::bigint`,
      rewardedMinor: sql`${checkoutLine.rewardedMinor} + ${move.rewardedMinor}::bigint`,
      borneMinor: sql`${checkoutLine.borneMinor} + ${move.borneMinor}::bigint`,
    })
    .where(eq(checkoutLine.lineId, move.lineId));
};

/** The movements of a key, as they were made: what a repeat answers with. Leans on line_money_moved_once. */
export const movesOf = (tx: Tx | Db, key: string) =>
  tx.select().from(lineMoney).where(eq(lineMoney.key, key)).orderBy(asc(lineMoney.lineId));

/** Counts a change of the order and writes what follows from its lines; gives the version that the change was made on. */
export const countChange = async (tx: Tx, orderId: string): Promise<{ before: number; lines: LineRow[] }> => {
  const lines = await linesOfOrder(tx, orderId);
  const [head] = await tx.select().from(order).where(eq(order.orderId, orderId));
  assert(head !== undefined, "orders are never deleted");
  const [changed] = await tx
    .update(order)
    .set({
      version: sql`${order.version} + 1`,
      state: orderState(lines),
      tab: orderTab(lines, head.openChargebacks),
      changedAt: sql`now()`,
    })
    .where(eq(order.orderId, orderId))
    .returning({ version: order.version });
  return { before: (changed?.version ?? 1) - 1, lines };
};

/** What callers of a change are told. Of a repeat, the version that the first one was made on: it may not have been said. */
export const standingOf = (
  version: number,
  changed: readonly string[],
  lines: readonly LineRow[],
): Standing => ({
  version,
  changed: [...changed],
  lines: lines.map(({ lineId, state, reason }) => ({ lineId, state, reason })),
});
