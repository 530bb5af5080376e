/** Decisions about where pieces lie: what may be taken from where, and what a repeat is. */
import { type ShelfView, ShelfRefusals } from "@shopnexus/contracts/inventory/shelf";
import { type RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";

type Counts = { readonly onHand: number; readonly held: number; readonly sold: number };

/** How many pieces stand at a location; none where there is no shelf. */
export const standingAt = (shelves: readonly ShelfView[], locationId: string): number =>
  shelves.find((shelf) => shelf.locationId === locationId)?.standing ?? 0;

/** Why so many pieces cannot be taken away, if they cannot: they are spoken for, or not there. */
export const shortageOf = (counts: Counts, standing: number, delta: number): RefusalError | undefined =>
  availableOf(counts) + delta < 0 || standing + delta < 0 ? tooFew(counts, standing) : undefined;

/** Why so many pieces cannot be moved, if they cannot: sold ones may lie elsewhere, but all have to be there. */
export const strandedOf = (counts: Counts, standing: number, pieces: number): RefusalError | undefined =>
  standing < pieces ? tooFew(counts, standing) : undefined;

const availableOf = ({ onHand, held, sold }: Counts): number => onHand - held - sold;

const tooFew = (counts: Counts, standing: number): RefusalError =>
  refuse(ShelfRefusals.PIECES_SHORT, { available: availableOf(counts), standing });

type Booked = { readonly locationId: string; readonly delta: number; readonly cause: string | null };
type Asked = { readonly locationId?: string | undefined; readonly delta: number; readonly cause?: string };

/** Is what is asked for now what was booked before? Who says not where means wherever the default was then. */
export const isSameMove = (before: Booked, asked: Asked): boolean =>
  (asked.locationId === undefined || before.locationId === asked.locationId) &&
  before.delta === asked.delta &&
  before.cause === (asked.cause ?? null);
