/** What a promotion would take off some items that it looks at together, whatever its cap and budget. */
import { money, share, split } from "@shopnexus/contracts/kit/money";
import { byText, type Item, type Loss, type Running } from "./promotions.ts";

/** An item and what is still to be paid for it. */
export type Open = Item & { readonly restMinor: number };
/** What is taken off each item, or why nothing is. */
export type Wanted = readonly number[] | Loss;
type Discount = Running["discount"];
type Of<K extends Discount["kind"]> = Extract<Discount, { kind: K }>;

/** Arithmetic needs a currency; a basket has one. */
const ONE = "XXX";
export const part = (minor: number, basisPoints: number): number =>
  share(money(minor, ONE), basisPoints).minor;
export const total = (minors: readonly number[]): number => minors.reduce((sum, minor) => sum + minor, 0);

/** `minor`, which is not more than all of `over`, spread by them: none gets more than its own. */
export const spread = (minor: number, over: readonly number[]): number[] =>
  minor === 0 ? over.map(() => 0) : split(money(minor, ONE), over).map((one) => one.minor);

export const isLoss = (wanted: Wanted): wanted is Loss => !Array.isArray(wanted);

export const wantedOf = (discount: Discount, items: readonly Open[]): Wanted => {
  const rests = items.map(({ restMinor }) => restMinor);
  switch (discount.kind) {
    case "percent":
      return spread(part(total(rests), discount.basisPoints), rests);
    case "fixed":
      return spread(Math.min(discount.amount.minor, total(rests)), rests);
    case "tiered":
      return tiered(discount, items);
    case "buy_get":
      return buyGet(discount, items);
    case "bundle":
      return bundle(discount, items);
  }
};

const UNMET: Loss = { reason: "unmet" };

const tiered = ({ tiers }: Of<"tiered">, items: readonly Open[]): Wanted => {
  const pieces = total(items.map((item) => item.pieces));
  const [reached] = tiers
    .filter(({ fromPieces }) => fromPieces <= pieces)
    .toSorted((a, b) => b.fromPieces - a.fromPieces);
  return reached === undefined ? UNMET : wantedOf({ ...reached, kind: "percent" }, items);
};

/** What so many pieces of an item still cost: rounded down, and the whole for all of them. */
const costOf = ({ restMinor, pieces }: Open, chosen: number): number =>
  Number((BigInt(restMinor) * BigInt(chosen)) / BigInt(pieces));

/** The cheapest pieces by their list price, then by SKU. */
const buyGet = ({ buy, get, basisPoints }: Of<"buy_get">, items: readonly Open[]): Wanted => {
  let left = Math.floor(total(items.map(({ pieces }) => pieces)) / (buy + get)) * get;
  if (left === 0) return UNMET;
  const cuts = items.map(() => 0);
  const cheapest = [...items.entries()].toSorted(
    ([, a], [, b]) => a.unitMinor - b.unitMinor || byText(a.skuId, b.skuId),
  );
  for (const [at, item] of cheapest) {
    const chosen = Math.min(left, item.pieces);
    cuts[at] = part(costOf(item, chosen), basisPoints);
    left -= chosen;
  }
  return cuts;
};

const bundle = ({ items: needed, price }: Of<"bundle">, items: readonly Open[]): Wanted => {
  const piecesOf = (skuId: string): number => items.find((item) => item.skuId === skuId)?.pieces ?? 0;
  const sets = Math.min(...needed.map(({ skuId, pieces }) => Math.floor(piecesOf(skuId) / pieces)));
  if (sets === 0) return UNMET;
  const costs = items.map((item) => {
    const each = needed.find(({ skuId }) => skuId === item.skuId)?.pieces ?? 0;
    return costOf(item, each * sets);
  });
  return spread(Math.max(0, total(costs) - price.minor * sets), costs);
};
