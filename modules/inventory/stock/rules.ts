/** Decisions about stock: what is a fair hold, who is short, and what a hold's past says about its next step. */
import { CommonRefusals, type RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import { type Level, StockRefusals } from "@shopnexus/contracts/inventory/stock";

export type Line = {
  readonly skuId: string;
  readonly pieces: number;
  readonly backorder?: { readonly orderId: string; readonly lineId: string } | undefined;
};
export type HoldState = "held" | "committed" | "released" | "expired";

/** A line that got no pieces and waits for them, or did once. */
export type Wait = { readonly skuId: string; readonly pieces: number; readonly lineId: string };

/** A hold as it stands; one that never ends is a tombstone. */
export type HoldRow = {
  readonly state: HoldState;
  readonly skuIds: readonly string[];
  readonly pieces: readonly number[];
  readonly expiresAt: string | null;
  readonly isRestocked: boolean;
  readonly waits: readonly Wait[];
};

/** The same lines in the one order in which levels are locked; two lines for one SKU are not a hold. */
export const inLockOrder = <T extends Line>(lines: readonly T[]): readonly T[] => {
  const sorted = lines.toSorted((a, b) => (a.skuId < b.skuId ? -1 : 1));
  const twice = sorted.find((line, at) => line.skuId === sorted[at + 1]?.skuId);
  if (twice !== undefined) {
    const says = `${twice.skuId} is on two lines: put its pieces on one`;
    throw refuse(CommonRefusals.INVALID_INPUT, { issues: [{ path: "lines", says }] });
  }
  return sorted;
};

/** What a reserve answers when a hold of its id stands already: its expiry, or why not. */
export const repeatOf = (hold: HoldRow, lines: readonly Line[]): string | RefusalError => {
  const gone = refuse(StockRefusals.HOLD_GONE, { state: hold.state });
  if (hold.expiresAt === null) return gone;
  if (!isFor(hold, lines)) return refuse(StockRefusals.HOLD_DIFFERS, {});
  return hold.state === "held" || hold.state === "committed" ? hold.expiresAt : gone;
};

const isFor = ({ skuIds, pieces, waits }: HoldRow, lines: readonly Line[]): boolean => {
  const held = new Map(skuIds.map((skuId, at) => [skuId, pieces[at]]));
  const waiting = new Map(waits.map((wait) => [wait.skuId, wait]));
  const isKnown = ({ skuId, pieces, backorder }: Line): boolean => {
    const wait = waiting.get(skuId);
    if (wait === undefined) return held.get(skuId) === pieces;
    return wait.pieces === pieces && wait.lineId === backorder?.lineId;
  };
  return held.size + waiting.size === lines.length && lines.every(isKnown);
};

/** What there is of a SKU, and whether a buyer may wait for more. */
export type Shelf = { readonly skuId: string; readonly available: number; readonly takesBackorders: boolean };

export type Waiting = Line & { readonly backorder: NonNullable<Line["backorder"]> };
export type Shares = { readonly held: readonly Line[]; readonly waiting: readonly Waiting[] };

/** Which lines have their pieces and which wait for them; or why none has, for a line that is short and may not wait. */
export const sharesOf = (lines: readonly Line[], shelves: readonly Shelf[]): Shares | RefusalError => {
  const shelfOf = new Map(shelves.map((shelf) => [shelf.skuId, shelf]));
  const fits = ({ skuId, pieces }: Line) => (shelfOf.get(skuId)?.available ?? -1) >= pieces;
  const mayWait = (line: Line): line is Waiting =>
    line.backorder !== undefined && shelfOf.get(line.skuId)?.takesBackorders === true;
  const sightings = lines
    .filter((line) => !mayWait(line))
    .map(({ skuId, pieces }) => ({
      skuId,
      wanted: pieces,
      available: shelfOf.get(skuId)?.available ?? null,
    }));
  return (
    shortageIn(sightings) ?? {
      held: lines.filter(fits),
      waiting: lines.filter((line) => !fits(line)).filter(mayWait),
    }
  );
};

/** Of each line, how many pieces there were to be had; null where there is no level. */
export type Sighting = { readonly skuId: string; readonly wanted: number; readonly available: number | null };

/** Why these lines cannot be held. Undefined when, by these numbers, they could. */
export const shortageIn = (sightings: readonly Sighting[]): RefusalError | undefined => {
  const unknown = sightings.filter(({ available }) => available === null);
  if (unknown.length > 0) {
    return refuse(StockRefusals.SKU_UNKNOWN, { skuIds: unknown.map(({ skuId }) => skuId) });
  }
  const short = sightings.flatMap(({ skuId, wanted, available }) =>
    available !== null && available < wanted ? [{ skuId, wanted, available }] : [],
  );
  return short.length > 0 ? refuse(StockRefusals.OUT_OF_STOCK, { short }) : undefined;
};

/** What a commit that changed nothing means: done before, not there yet, or too late. */
export const commitOutcome = (hold: HoldRow | undefined): "done" | "again" | RefusalError => {
  if (hold === undefined) return refuse(StockRefusals.HOLD_GONE, { state: "unknown" });
  if (hold.state === "committed") return "done";
  if (hold.state !== "held") return refuse(StockRefusals.HOLD_GONE, { state: hold.state });
  return hold.isRestocked ? refuse(StockRefusals.HOLD_GONE, { state: "restocked" }) : "again";
};

/** Can a restock still change this hold? */
export const isRestockable = (hold: HoldRow | undefined): boolean =>
  hold?.state === "committed" || (hold?.state === "held" && !hold.isRestocked);

type Counts = Omit<Level, "available"> & { readonly safetyStock: number };

/** So many pieces may be sold: safety stock may not, and a seller may want more of it than there is. */
export const sellableOf = ({ onHand, held, sold, safetyStock }: Counts): number =>
  Math.max(0, onHand - held - sold - safetyStock);

/** A level as the page shows it. */
export const levelOf = (row: Counts): Level => ({
  skuId: row.skuId,
  available: sellableOf(row),
  onHand: row.onHand,
  held: row.held,
  sold: row.sold,
});

/** The position that a cursor names; one that is not ours is a mistake of the caller's. */
export const positionIn = (cursor: string | undefined): number | undefined => {
  if (cursor === undefined) return undefined;
  if (/^[1-9][0-9]{0,15}$/.test(cursor)) return Number(cursor);
  const says = "this is not the `next` of a page of movements";
  throw refuse(CommonRefusals.INVALID_INPUT, { issues: [{ path: "after", says }] });
};
