import { and, eq, isNull, sql } from "drizzle-orm";
import type { Transfer } from "@shopnexus/contracts/order/transfer";
import type { Db } from "#db/_kit/database.ts";
import { payout } from "#db/order/payouts.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { advanced, type Standing, type Surroundings } from "./rules.ts";

/** Written only where nobody else has moved it or said anything since it was read; else it is looked at again. */
export const advance: Step<typeof Transfer, "advance"> = async (
  { payoutId, isSuspended },
  { db, settings },
) => {
  const { approvalMs, transferMs } = settings.deadlines;
  for (;;) {
    const { nowMs, note, ...before } = await standingOf(db, payoutId);
    const after = advanced(before, { isSuspended, nowMs, approvalMs } satisfies Surroundings);
    if (after !== before && !(await write(db, payoutId, { before, after }))) continue;
    const { state, decision, isEscalated, dueAtMs } = after;
    // One that is shut out has no deadline of its own: it is looked after as often as a transfer is.
    const waitMs = dueAtMs === null ? transferMs : Math.max(0, Math.ceil(dueAtMs - nowMs));
    return { state, decision, note, isEscalated, waitMs };
  }
};

/** By the clock of the database, which wrote the deadline. Leans on the primary key. */
const standingOf = async (
  db: Db,
  payoutId: string,
): Promise<Standing & { nowMs: number; note: string | null }> => {
  const { state, needsApproval, decision, isEscalated, note } = payout;
  const [row] = await db
    .select({
      state,
      needsApproval,
      decision,
      isEscalated,
      note,
      dueAtMs: sql<number | null>`extract(epoch from ${payout.dueAt})::float8 * 1000`,
      nowMs: sql<number>`extract(epoch from now())::float8 * 1000`,
    })
    .from(payout)
    .where(eq(payout.payoutId, payoutId));
  assert(row !== undefined, "a payout is claimed before it runs, and never deleted");
  return row;
};

type Change = { readonly before: Standing; readonly after: Standing };

const write = async (db: Db, payoutId: string, { before, after }: Change): Promise<boolean> => {
  const { dueAtMs } = after;
  const isAsRead = [
    eq(payout.state, before.state),
    eq(payout.isEscalated, before.isEscalated),
    before.decision === null ? isNull(payout.decision) : eq(payout.decision, before.decision),
  ];
  const written = await db
    .update(payout)
    .set({
      state: after.state,
      decision: after.decision,
      isEscalated: after.isEscalated,
      dueAt: dueAtMs === null ? null : sql`to_timestamp(${dueAtMs}::float8 / 1000)`,
      ...(after.decision !== before.decision && { decidedAt: sql`now()` }),
    })
    .where(and(eq(payout.payoutId, payoutId), ...isAsRead))
    .returning({ payoutId: payout.payoutId });
  return written.length === 1;
};
