/** What one promotion offers to a basket as it stands: level, minimum, cap and budget around what it would take off. */
import type { Item, Loss, Running } from "./promotions.ts";
import { isLoss, type Open, spread, total, wantedOf } from "./wanted.ts";

/** A basket while it is priced, lines in SKU order and parcels in the order of their sellers. */
export type Standing = {
  readonly lines: readonly Item[];
  readonly parcels: readonly Item[];
  readonly lineRests: readonly number[];
  readonly parcelRests: readonly number[];
  /** What of each line's rest comes back later. */
  readonly cashback: readonly number[];
  /** The exclusive promotion that has a line for itself. */
  readonly takenBy: readonly (string | undefined)[];
};

/** What a promotion gives on each line, or on each parcel where it gives shipping, and why nothing where it is zero. */
export type Offer = {
  readonly cuts: readonly number[];
  readonly losses: readonly (Loss | undefined)[];
  readonly minor: number;
  /** The lines that became cheaper, or whose parcel did. */
  readonly reached: readonly number[];
};

const NOTHING_LEFT: Loss = { reason: "nothing_left" };
const BELOW_MINIMUM: Loss = { reason: "below_minimum" };
export const SPENT: Loss = { reason: "spent" };

export const isSpent = ({ isUsedUp, left }: Running): boolean => isUsedUp || left.minor <= 0;

/** The places of `touched` lines: their own, or those of their parcels. */
export const placesOf = (
  { gives }: Running,
  touched: readonly number[],
  { lines, parcels }: Standing,
): number[] => {
  if (gives !== "shipping") return [...touched];
  const sellers = new Set(touched.map((at) => lines[at]?.sellerId));
  return parcels.flatMap(({ sellerId }, at) => (sellers.has(sellerId) ? [at] : []));
};

export const offerOf = (promotion: Running, touched: readonly number[], standing: Standing): Offer => {
  const { takenBy } = standing;
  const { items, rests } = purseOf(promotion, standing);
  const cuts = items.map(() => 0);
  const losses = items.map((): Loss | undefined => undefined);
  const taken = touched.find((at) => takenBy[at] !== undefined);
  const excluded: Loss = { reason: "excluded", ...(taken !== undefined && { by: takenBy[taken] ?? "" }) };
  for (const place of placesOf(promotion, touched, standing)) losses[place] = excluded;
  const free = touched.filter((at) => takenBy[at] === undefined);
  for (const unit of unitsOf(promotion, free, standing)) {
    const places = placesOf(promotion, unit, standing);
    const open = places.flatMap((at): Open[] => {
      const item = items[at];
      return item === undefined ? [] : [{ ...item, restMinor: rests[at] ?? 0 }];
    });
    const spent = total(unit.map((at) => standing.lines[at]?.subtotalMinor ?? 0));
    const wanted = spent < promotion.minimumMinor ? BELOW_MINIMUM : wantedOf(promotion.discount, open);
    const given = isLoss(wanted) ? undefined : capped(wanted, promotion.capMinor);
    for (const [nth, place] of places.entries()) {
      cuts[place] = given?.[nth] ?? 0;
      losses[place] = isLoss(wanted) ? wanted : NOTHING_LEFT;
    }
  }
  return summed(promotion, { cuts: capped(cuts, promotion.left.minor), losses, free }, standing);
};

/** What it takes from: cashback from what of the goods is paid and does not come back already. */
const purseOf = ({ gives }: Running, standing: Standing) => {
  const { lines, parcels, lineRests, parcelRests, cashback } = standing;
  if (gives === "shipping") return { items: parcels, rests: parcelRests };
  const isLater = gives === "cashback";
  return {
    items: lines,
    rests: isLater ? lineRests.map((rest, at) => rest - (cashback[at] ?? 0)) : lineRests,
  };
};

const capped = (cuts: readonly number[], most: number | null): readonly number[] =>
  most === null || total(cuts) <= most ? cuts : spread(most, cuts);

/** Lines that are looked at together. A parcel is its seller's, so for parcels a line is no unit of its own. */
const unitsOf = ({ level, gives }: Running, free: readonly number[], { lines }: Standing): number[][] => {
  if (free.length === 0) return [];
  if (level === "order") return [[...free]];
  if (level === "line" && gives !== "shipping") return free.map((at) => [at]);
  return [...Map.groupBy(free, (at) => lines[at]?.sellerId).values()];
};

const summed = (
  promotion: Running,
  { cuts, losses, free }: Pick<Offer, "cuts" | "losses"> & { readonly free: readonly number[] },
  standing: Standing,
): Offer => ({
  cuts,
  losses: losses.map((loss, at) => ((cuts[at] ?? 0) > 0 ? undefined : loss)),
  minor: total(cuts),
  reached: reachedOf(promotion, { cuts, free }, standing),
});

const reachedOf = (
  { gives }: Running,
  { cuts, free }: Pick<Offer, "cuts"> & { readonly free: readonly number[] },
  { lines, parcels }: Standing,
): number[] => {
  if (gives !== "shipping") return free.filter((at) => (cuts[at] ?? 0) > 0);
  const sellers = new Set(parcels.flatMap(({ sellerId }, at) => ((cuts[at] ?? 0) > 0 ? [sellerId] : [])));
  return free.filter((at) => sellers.has(lines[at]?.sellerId ?? ""));
};
