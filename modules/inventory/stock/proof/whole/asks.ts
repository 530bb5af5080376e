/** What may be asked of two SKUs whose pieces are numbered and of one whose are not, at two locations. */
import fc from "fast-check";

/** A hold has one line for each SKU that it wants pieces of. */
type OfHold = { readonly hold: number };
type OfLine = OfHold & { readonly sku: number };
type OfShelf = { readonly sku: number; readonly place: number };

export type Ask =
  | ({ readonly verb: "reserve" | "commit" | "release" | "restock" | "expire" } & OfHold)
  | ({ readonly verb: "take" | "ship" | "putBack" | "takeBack" | "restore" } & OfLine)
  | ({ readonly verb: "receive"; readonly key: string; readonly pieces: number } & OfShelf)
  | ({ readonly verb: "correct"; readonly key: string; readonly delta: number } & OfShelf)
  | ({ readonly verb: "transfer"; readonly key: string; readonly pieces: number } & OfShelf)
  | ({ readonly verb: "writeOff"; readonly serial: string } & OfShelf)
  | { readonly verb: "keepBack"; readonly kept: number; readonly stock: number };

/** `serials`: those that a line took. */
export type Answer = { readonly code: string; readonly serials?: readonly string[] };

export const SKU_COUNT = 3;
export const PLACE_COUNT = 2;
export const NUMBERED = [true, true, false] as const;
const HOLDS_A_LANE = 4;
const KEYS_A_LANE = 4;

/** Pieces of each SKU. They follow from the hold: that another hold under its id is refused is proved elsewhere. */
export const piecesOf = (hold: number): readonly number[] =>
  [
    [1, 0, 1],
    [0, 2, 0],
    [2, 1, 0],
    [1, 1, 1],
  ][hold % 4] as number[];

/** The numbers that come with a receipt or an adjustment. */
export const serialsOf = (key: string, pieces: number): string[] =>
  Array.from({ length: pieces }, (_, at) => `${key}-${at}`);

/** With what every world begins, so that there is something to sell. */
export const receipts = (pieces: number): Ask[] =>
  Array.from({ length: SKU_COUNT }, (_, sku) => ({
    verb: "receive" as const,
    sku,
    place: sku % PLACE_COUNT,
    key: "first",
    pieces,
  }));

/** Asks of one lane: no other lane means the same holds, keys and numbers. Few of each, so that many are repeats. */
export const anyAsk = (lane: number): fc.Arbitrary<Ask> => {
  const hold = fc.nat({ max: HOLDS_A_LANE - 1 }).map((at) => lane * HOLDS_A_LANE + at);
  const key = fc.nat({ max: KEYS_A_LANE - 1 }).map((at) => `${lane}.${at}`);
  const sku = fc.nat({ max: SKU_COUNT - 1 });
  const place = fc.nat({ max: PLACE_COUNT - 1 });
  const pieces = fc.integer({ min: 1, max: 5 });
  const delta = fc.constantFrom(-2, -1, 1, 2);
  const serial = fc.tuple(key, fc.nat({ max: 1 })).map(([of, nth]) => `r${of}-${nth}`);
  const of = <V extends string>(...verbs: V[]) => fc.constantFrom(...verbs);
  return fc.oneof(
    { weight: 10, arbitrary: fc.record({ verb: of("reserve", "commit"), hold }) },
    { weight: 2, arbitrary: fc.record({ verb: of("release", "restock", "expire", "expire"), hold }) },
    { weight: 8, arbitrary: fc.record({ verb: of("take", "take", "ship"), hold, sku }) },
    { weight: 5, arbitrary: fc.record({ verb: of("putBack", "takeBack", "restore"), hold, sku }) },
    { weight: 4, arbitrary: fc.record({ verb: of("receive"), sku, place, key, pieces }) },
    { weight: 2, arbitrary: fc.record({ verb: of("correct"), sku, place, key, delta }) },
    { weight: 2, arbitrary: fc.record({ verb: of("transfer"), sku, place, key, pieces }) },
    { weight: 2, arbitrary: fc.record({ verb: of("writeOff"), sku, place, serial }) },
    { weight: 1, arbitrary: fc.record({ verb: of("keepBack"), stock: sku, kept: fc.nat({ max: 2 }) }) },
  );
};
