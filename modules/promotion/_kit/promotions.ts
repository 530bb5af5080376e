/** What the price engine knows of a promotion and of a basket: values alone. */
import type { In } from "@shopnexus/contracts/kit/contract";
import type { Money } from "@shopnexus/contracts/kit/money";
import type { LostReason, Quote } from "@shopnexus/contracts/promotion/quote";
import type { Terms } from "@shopnexus/contracts/promotion/terms";

export type Basket = In<typeof Quote, "price">;
type AskedLine = Basket["lines"][number];

/** A promotion that runs in the basket's currency. */
export type Running = {
  readonly promotionId: string;
  /** Null: the platform's. */
  readonly sellerId: string | null;
  readonly name: string;
  /** The code of the basket that brought it; null: it applies of itself. */
  readonly code: string | null;
  /** Every code of the basket that names it. */
  readonly codes: readonly string[];
  /** That code is one of many. */
  readonly isCoupon: boolean;
  readonly discount: Terms["discount"];
  readonly gives: NonNullable<Terms["gives"]>;
  readonly level: NonNullable<Terms["level"]>;
  readonly paidBy: NonNullable<Terms["paidBy"]>;
  readonly minimumMinor: number;
  /** Null: as much as it comes to. */
  readonly capMinor: number | null;
  /** What it aims at, at least what of that is in the basket; see `keysOf`. */
  readonly targets: readonly string[];
  readonly group: string | null;
  readonly isExclusive: boolean;
  readonly priority: number;
  /** What is left of its budget. */
  readonly left: Money;
  /** It may not be used any more: by anybody, by this account, or by this coupon. */
  readonly isUsedUp: boolean;
};

/** A line, or a parcel: something that costs, and of which promotions leave a rest. */
export type Item = {
  readonly sellerId: string;
  readonly skuId: string;
  readonly pieces: number;
  readonly unitMinor: number;
  readonly subtotalMinor: number;
};

export type Loss = { readonly reason: LostReason; readonly by?: string };

/** Text by its code units, the same on every machine. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The order of promotions: by priority, lower first, then by id. */
export const byPriority = (a: Running, b: Running): number =>
  a.priority - b.priority || byText(a.promotionId, b.promotionId);

/** Every target that would touch this line. */
export const keysOf = ({ sellerId, skuId, listingId, category }: AskedLine): string[] => [
  "all",
  `seller:${sellerId}`,
  `sku:${skuId}`,
  ...(listingId === undefined ? [] : [`listing:${listingId}`]),
  ...(category === undefined ? [] : [`category:${category}`]),
];

/** The targets of terms; a seller's touch nobody else's lines, whatever they name. */
export const targetsOf = ({ discount, targets }: Terms, sellerId: string | null): string[] => {
  if (discount.kind === "bundle") return distinct(discount.items.map(({ skuId }) => `sku:${skuId}`));
  if (targets === undefined) return [sellerId === null ? "all" : `seller:${sellerId}`];
  const keys = targets.map((target) => {
    switch (target.kind) {
      case "seller":
        return `seller:${target.sellerId}`;
      case "category":
        return `category:${target.category}`;
      case "listing":
        return `listing:${target.listingId}`;
      case "sku":
        return `sku:${target.skuId}`;
    }
  });
  return distinct(keys);
};

const distinct = (keys: readonly string[]): string[] => [...new Set(keys)].toSorted(byText);

/** The lines by what would touch them: who asks for a promotion's lines pays for its targets, not for the basket. */
export const linesByKey = (lines: readonly AskedLine[]): ReadonlyMap<string, readonly number[]> => {
  const byKey = new Map<string, number[]>();
  for (const [at, line] of lines.entries()) {
    for (const key of keysOf(line)) {
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [at]);
      else known.push(at);
    }
  }
  return byKey;
};

/** The lines that a promotion touches, each once, in their order. */
export const touchedBy = (
  { targets, sellerId }: Pick<Running, "targets" | "sellerId">,
  lines: readonly AskedLine[],
  byKey = linesByKey(lines),
): number[] => {
  const [first = "", ...others] = targets;
  const named =
    others.length === 0
      ? [...(byKey.get(first) ?? [])]
      : [...new Set(targets.flatMap((key) => byKey.get(key) ?? []))].toSorted((a, b) => a - b);
  return sellerId === null ? named : named.filter((at) => lines[at]?.sellerId === sellerId);
};
