import type { Drop } from "@shopnexus/contracts/inventory/drop";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import type { Gate, GateReading } from "#modules/_kit/gate.ts";
import type { Step } from "#modules/_kit/handler.ts";
import type { Sql } from "../stock/rows.ts";
import { findDrop, gatePlanOf, listLive, listSkus, raiseEpoch } from "./rows.ts";
import { differenceOf, isMiscounted, isOutdated, planOf } from "./rules.ts";

/** Who the gate let pass is written down within this, or has asked in vain and asks again: the pieces go to others. */
const PENDING_MS = 30 * SECOND_MS;
/** What was written down is told to the gate within this. */
const TOLD_WITHIN_MS = 5 * SECOND_MS;

export const reconcile: Step<typeof Drop, "reconcile"> = async (_nothing, { db, gate, log }) => {
  if (gate === undefined) return { differenceCount: 0 };
  let differenceCount = 0;
  for (const dropId of await listRunning(db.$client)) {
    const found = await agree(db.$client, gate, dropId);
    if (found > 0)
      log.error({ dropId, tickets: found }, "the gate of a drop differed from what is written down");
    differenceCount += found;
  }
  gate.differed(differenceCount);
  return { differenceCount };
};

/** Leans on drop_running. */
const listRunning = async (tx: Sql): Promise<string[]> => {
  const rows = await tx<{ dropId: string }[]>`
    select drop_id as "dropId" from inventory.drop where state = 'announced' and starts_at <= now()`;
  return rows.map(({ dropId }) => dropId);
};

/** The gate is read first: what is written down since is what it may not know yet. A gate that is not built is nobody's. */
const agree = async (tx: Sql, gate: Gate, dropId: string): Promise<number> => {
  const reading = await gate.read(dropId);
  if (reading === undefined) return 0;
  const row = await findDrop(tx, dropId);
  if (row === undefined) return 0;
  const due = planOf(row, await listSkus(tx, dropId), []);
  if (isOutdated(reading, due) || isMiscounted(reading)) return rebuild(tx, gate, { dropId, reading });
  const { missing, strange } = differenceOf(reading, await listLive(tx, dropId), TOLD_WITHIN_MS);
  const { known, settled } = await lookUp(tx, [...missing.map(({ ticketId }) => ticketId), ...strange]);
  const late = new Set(
    reading.tickets.filter(({ ageMs }) => ageMs >= PENDING_MS).map(({ ticketId }) => ticketId),
  );
  const gone = strange.filter((ticketId) => (known.has(ticketId) ? settled : late).has(ticketId));
  const lacking = missing.filter(({ ticketId }) => settled.has(ticketId));
  await gate.remove(dropId, gone);
  await gate.add(dropId, lacking);
  return gone.length + lacking.length;
};

/** Builds it anew; one that another builds at the same time is the other's. */
const rebuild = async (
  tx: Sql,
  gate: Gate,
  { dropId, reading }: { readonly dropId: string; readonly reading: GateReading },
): Promise<number> => {
  const row = await findDrop(tx, dropId);
  const raised = row && (await raiseEpoch(tx, row));
  if (raised === undefined) return 0;
  await gate.build(dropId, await gatePlanOf(tx, raised), "anew");
  return Math.max(1, reading.tickets.length);
};

/** Which of these were ever written down, and which of them so long ago that the gate has been told. */
const lookUp = async (tx: Sql, ticketIds: readonly string[]) => {
  const rows = await tx<{ ticketId: string; isSettled: boolean }[]>`
    select ticket_id as "ticketId", changed_at < now() - ${TOLD_WITHIN_MS} * interval '1 ms' as "isSettled"
    from inventory.ticket where ticket_id = any (${[...ticketIds]})`;
  return {
    known: new Set(rows.map(({ ticketId }) => ticketId)),
    settled: new Set(rows.filter(({ isSettled }) => isSettled).map(({ ticketId }) => ticketId)),
  };
};
