/** Baskets and promotions in a few characters, so that a table of prices can be read and checked by hand. */
import { money } from "@shopnexus/contracts/kit/money";
import type { Discount } from "@shopnexus/contracts/promotion/terms";
import type { Basket, Running } from "../promotions.ts";

export const euro = (minor: number) => money(minor, "EUR");
export const idOf = (prefix: string, at: number) => `${prefix}_${String(at).padStart(32, "0")}`;
const SELLERS = "ABCDEFG";
/** `A` to `G`. */
export const sellerOf = (letter: string) => idOf("acc", 1 + SELLERS.indexOf(letter));
export const skuOf = (at: number) => idOf("sku", at);

export const percent = (basisPoints: number): Discount => ({ kind: "percent", basisPoints });
export const fixed = (minor: number): Discount => ({ kind: "fixed", amount: euro(minor) });
/** `3: 1000` is ten percent from three pieces on. */
export const tiered = (tiers: Readonly<Record<number, number>>): Discount => ({
  kind: "tiered",
  tiers: Object.entries(tiers).map(([from, basisPoints]) => ({ fromPieces: Number(from), basisPoints })),
});
export const buyGet = (buy: number, get: number, basisPoints = 10_000): Discount => ({
  kind: "buy_get",
  buy,
  get,
  basisPoints,
});
/** `1: 2` is two pieces of the first line. */
export const bundle = (items: Readonly<Record<number, number>>, minor: number): Discount => ({
  kind: "bundle",
  items: Object.entries(items).map(([at, pieces]) => ({ skuId: skuOf(Number(at)), pieces })),
  price: euro(minor),
});

/** The platform's, for everything, of itself, by what `rest` leaves open. */
export const running = (at: number, discount: Discount, rest: Partial<Running> = {}): Running => ({
  promotionId: idOf("prm", at),
  sellerId: null,
  name: `promotion ${at}`,
  code: null,
  codes: typeof rest.code === "string" ? [rest.code] : [],
  isCoupon: false,
  discount,
  gives: "goods",
  level: "order",
  paidBy: "platform",
  minimumMinor: 0,
  capMinor: null,
  targets: ["all"],
  group: null,
  isExclusive: false,
  priority: 100,
  left: euro(1_000_000),
  isUsedUp: false,
  ...rest,
});

/** `A 1000x2 shoes, B 500x1`: seller, price, pieces, category. The first is SKU 1 of listing 1, and so on. */
export const linesOf = (text: string): Basket["lines"] =>
  text.split(", ").map((line, at) => {
    const [letter = "", cost = "", category = "things"] = line.split(" ");
    const [unit, pieces] = cost.split("x").map(Number);
    return {
      skuId: skuOf(at + 1),
      sellerId: sellerOf(letter),
      listingId: idOf("lst", at + 1),
      category,
      unitPrice: euro(unit ?? 0),
      pieces: pieces ?? 1,
    };
  });
/** `A 300, B 500`: seller and price. */
export const parcelsOf = (text: string): NonNullable<Basket["parcels"]> =>
  text.split(", ").map((parcel) => {
    const [letter = "", minor = ""] = parcel.split(" ");
    return { sellerId: sellerOf(letter), price: euro(Number(minor)) };
  });

export const basketOf = (lines: string, parcels?: string, codes: string[] = []): Basket => ({
  currency: "EUR",
  at: "2026-01-15T00:00:00.000Z",
  lines: linesOf(lines),
  ...(parcels !== undefined && { parcels: parcelsOf(parcels) }),
  codes,
});
