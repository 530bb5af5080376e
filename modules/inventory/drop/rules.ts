/** Decisions of a drop, of values alone. */
import type { Drop, DropView, Phase } from "@shopnexus/contracts/inventory/drop";
import { DropRefusals } from "@shopnexus/contracts/inventory/drop";
import type { In } from "@shopnexus/contracts/kit/contract";
import { type RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import { instant } from "@shopnexus/contracts/kit/time";
import type { z } from "zod";
import { canonical, sha256 } from "#modules/_kit/derive.ts";
import type { GatePlan, GateReading, GateTicket } from "#modules/_kit/gate.ts";

export type Terms = In<typeof Drop, "announce">;

export type DropRow = {
  readonly dropId: string;
  readonly sellerId: string;
  readonly termsHash: string;
  readonly room: "queue" | "draw";
  readonly limit: number;
  readonly windowMs: number;
  readonly seed: string;
  readonly seedHash: string;
  readonly gateEpoch: number;
  readonly state: "announced" | "closed" | "withdrawn";
  readonly startsMs: number;
  readonly drawsMs: number | null;
  readonly endsMs: number;
  readonly isDrawn: boolean;
  /** The database's clock. */
  readonly readMs: number;
};

export type SkuRow = {
  readonly skuId: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly units: number;
  readonly places: number;
  readonly waiting: number;
  readonly taken: number;
  readonly sold: number;
};

/** A repeat of an announcement says the same, in whatever order its fields came. */
export const hashOf = (terms: Terms, sellerId: string): string => sha256(canonical({ ...terms, sellerId }));

export const timesRefusal = ({ startsAt, endsAt, drawsAt, room }: Terms): RefusalError | undefined => {
  const isDrawnInBetween =
    room === "queue"
      ? drawsAt === undefined
      : drawsAt !== undefined && drawsAt > startsAt && drawsAt <= endsAt;
  return startsAt < endsAt && isDrawnInBetween ? undefined : refuse(DropRefusals.DROP_TIMES_WRONG, {});
};

const entriesEndMs = ({ drawsMs, endsMs }: DropRow): number => drawsMs ?? endsMs;

export const phaseOf = (row: DropRow): z.infer<typeof Phase> => {
  if (row.state !== "announced") return row.state;
  if (row.readMs < row.startsMs) return "scheduled";
  return row.readMs < entriesEndMs(row) ? "open" : "over";
};

export const viewOf = (row: DropRow, skus: readonly SkuRow[]): DropView => ({
  dropId: row.dropId,
  sellerId: row.sellerId,
  phase: phaseOf(row),
  skus: skus.map(({ skuId, priceMinor, currency, units, waiting, taken, sold }) => ({
    skuId,
    price: { minor: priceMinor, currency },
    units,
    left: units - taken - sold,
    waiting,
    sold,
  })),
  startsAt: instant(row.startsMs),
  endsAt: instant(row.endsMs),
  drawsAt: row.drawsMs === null ? null : instant(row.drawsMs),
  room: row.room,
  limit: row.limit,
  windowMs: row.windowMs,
  seedHash: row.seedHash,
  seed: row.isDrawn ? row.seed : null,
});

export const planOf = (row: DropRow, skus: readonly SkuRow[], tickets: readonly GateTicket[]): GatePlan => ({
  epoch: row.gateEpoch,
  startsMs: row.startsMs,
  entriesEndMs: row.state === "announced" ? entriesEndMs(row) : row.startsMs,
  endsMs: row.endsMs,
  windowMs: row.windowMs,
  limit: row.limit,
  // Of a draw nobody is admitted before it is drawn.
  skus: skus.map(({ skuId, units, places }) => ({
    skuId,
    units: row.room === "draw" ? 0 : units,
    seats: units + places,
  })),
  tickets,
});

export type Difference = { readonly missing: readonly GateTicket[]; readonly strange: readonly string[] };

/** What the gate lacks, and what it counts though nobody is behind it any more; what is just on its way is neither. */
export const differenceOf = (
  reading: GateReading,
  live: readonly GateTicket[],
  graceMs: number,
): Difference => {
  const counted = new Set(reading.tickets.map(({ ticketId }) => ticketId));
  const known = new Set(live.map(({ ticketId }) => ticketId));
  return {
    missing: live.filter(({ ticketId }) => !counted.has(ticketId)),
    strange: reading.tickets
      .filter(({ ticketId, ageMs }) => !known.has(ticketId) && ageMs >= graceMs)
      .map(({ ticketId }) => ticketId),
  };
};

/** A counter that is not the sum of its tickets was not written by the gate's own scripts. */
export const isMiscounted = ({ used, owned, tickets }: GateReading): boolean =>
  differs(used, sumBy(tickets, "skuId")) || differs(owned, sumBy(tickets, "accountId"));

const sumBy = (tickets: readonly GateTicket[], by: "skuId" | "accountId"): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const ticket of tickets) sums.set(ticket[by], (sums.get(ticket[by]) ?? 0) + ticket.pieces);
  return sums;
};

/** What is nowhere counts as nothing. */
const differs = (counted: ReadonlyMap<string, number>, summed: ReadonlyMap<string, number>): boolean =>
  [...counted.keys(), ...summed.keys()].some((name) => (counted.get(name) ?? 0) !== (summed.get(name) ?? 0));

/** A gate that was built from other terms, or from an older epoch than the last that was begun. */
export const isOutdated = ({ plan }: GateReading, { tickets: _, ...due }: GatePlan): boolean =>
  canonical(rounded(plan)) !== canonical(rounded(due));

/** The database's times have fractions of a millisecond by its arithmetic alone. */
const rounded = (plan: GateReading["plan"]): GateReading["plan"] => ({
  ...plan,
  startsMs: Math.round(plan.startsMs),
  entriesEndMs: Math.round(plan.entriesEndMs),
  endsMs: Math.round(plan.endsMs),
  skus: plan.skus.toSorted((one, other) => (one.skuId < other.skuId ? -1 : 1)),
});
