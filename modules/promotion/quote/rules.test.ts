import { MINOR_MAX, money, sum } from "@shopnexus/contracts/kit/money";
import { PROMOTION_HOLD_COUNT_MAX } from "@shopnexus/contracts/promotion/promotion";
import { QuoteView } from "@shopnexus/contracts/promotion/quote";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Basket, isBeyondMoney, isMixed, quote, type Running, unknownCode } from "./rules.ts";

const euro = (minor: number) => money(minor, "EUR");
const idOf = (prefix: string, at: number) => `${prefix}_${String(at).padStart(32, "0")}`;
const [ANNA, BERT] = [idOf("acc", 1), idOf("acc", 2)];

const line = (at: number, unitMinor: number, rest: Partial<Basket["lines"][number]> = {}) => ({
  skuId: idOf("sku", at),
  sellerId: ANNA,
  unitPrice: euro(unitMinor),
  pieces: 1,
  ...rest,
});
const basket = (lines: Basket["lines"], codes: string[] = []): Basket => ({
  currency: "EUR",
  at: "2026-01-15T00:00:00.000Z",
  lines,
  codes,
});
const running = (at: number, rest: Partial<Running> = {}): Running => ({
  promotionId: idOf("prm", at),
  sellerId: null,
  name: `promotion ${at}`,
  code: null,
  discount: { kind: "percent", basisPoints: 1_000 },
  priority: 100,
  left: euro(1_000_000),
  ...rest,
});
const percent = (basisPoints: number) => ({ discount: { kind: "percent" as const, basisPoints } });
const fixed = (minor: number) => ({ discount: { kind: "fixed" as const, amount: euro(minor) } });
const totals = (view: QuoteView) => view.lines.map(({ total }) => total.minor);
const amounts = (view: QuoteView) => view.applied.map(({ amount }) => amount.minor);

const anyBasket = fc
  .uniqueArray(
    fc.record({
      at: fc.integer({ min: 1, max: 999 }),
      unitMinor: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 100_000 })),
      pieces: fc.integer({ min: 1, max: 20 }),
      sellerId: fc.constantFrom(ANNA, BERT),
    }),
    { minLength: 1, maxLength: 12, selector: ({ at }) => at },
  )
  .map((lines) =>
    basket(lines.map(({ at, unitMinor, pieces, sellerId }) => line(at, unitMinor, { pieces, sellerId }))),
  );
const anyDiscount = fc.oneof(
  fc.integer({ min: 1, max: 10_000 }).map(percent),
  fc.integer({ min: 0, max: 500_000 }).map(fixed),
);
const anyPromotions = fc
  .uniqueArray(
    fc.record({
      at: fc.integer({ min: 1, max: 999 }),
      rest: fc.record({
        sellerId: fc.constantFrom(null, ANNA, BERT),
        priority: fc.integer({ min: 0, max: 3 }),
        left: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: MINOR_MAX })).map(euro),
        code: fc.constantFrom(null, "CODE-1", "CODE-2"),
      }),
      terms: anyDiscount,
    }),
    { maxLength: 8, selector: ({ at }) => at },
  )
  .map((all) => all.map(({ at, rest, terms }) => running(at, { ...rest, ...terms })));
const forAll = (holds: (asked: Basket, promotions: Running[], view: QuoteView) => void): void =>
  fc.assert(
    fc.property(anyBasket, anyPromotions, (asked, promotions) =>
      holds(asked, promotions, quote(asked, promotions)),
    ),
    { numRuns: 300 },
  );
/** The same things in another order, the same every time. */
const turned = <T>(items: readonly T[]): T[] => [...items.slice(1), ...items.slice(0, 1)].toReversed();

describe("whatever the basket and the promotions", () => {
  test("the shape is the contract's, and lines stand in the order asked", () =>
    forAll((asked, _promotions, view) => {
      expect(QuoteView.parse(view)).toEqual(view);
      expect(view.lines.map(({ skuId }) => skuId)).toEqual(asked.lines.map(({ skuId }) => skuId));
    }));

  test("totals add up: price times pieces, less the discount, line by line and in all", () =>
    forAll((asked, _promotions, view) => {
      for (const [at, { subtotal, discount, total }] of view.lines.entries()) {
        const { unitPrice, pieces } = asked.lines[at]!;
        expect(subtotal.minor).toBe(unitPrice.minor * pieces);
        expect(total.minor).toBe(subtotal.minor - discount.minor);
      }
      expect(view.total).toEqual(
        sum(
          view.lines.map(({ total }) => total),
          "EUR",
        ),
      );
    }));

  test("no discount is below zero or above its line", () =>
    forAll((_asked, _promotions, { lines }) => {
      const wrong = lines.filter(
        ({ subtotal, discount }) => discount.minor < 0 || discount.minor > subtotal.minor,
      );
      expect(wrong).toEqual([]);
    }));

  test("what the promotions gave is what the lines got, and no promotion gave more than was left of it", () =>
    forAll((_asked, promotions, view) => {
      expect(
        sum(
          view.applied.map(({ amount }) => amount),
          "EUR",
        ),
      ).toEqual(
        sum(
          view.lines.map(({ discount }) => discount),
          "EUR",
        ),
      );
      const left = new Map(promotions.map((promotion) => [promotion.promotionId, promotion.left.minor]));
      for (const { promotionId, amount } of view.applied)
        expect(amount.minor).toBeLessThanOrEqual(left.get(promotionId)!);
    }));

  test("a SKU costs the same wherever it stands in the basket, and however the promotions were found", () =>
    forAll((asked, promotions, view) => {
      const other = quote({ ...asked, lines: turned(asked.lines) }, turned(promotions));
      expect(turned(view.lines)).toEqual(other.lines);
      expect(other.applied).toEqual(view.applied);
    }));

  test("the same basket costs the same again, and the question is left as it was", () =>
    forAll((asked, promotions, view) => {
      const before = structuredClone({ asked, promotions });
      expect(quote(asked, promotions)).toEqual(view);
      expect({ asked, promotions }).toEqual(before);
    }));

  test("a seller's promotion takes nothing off another's lines", () =>
    forAll((asked, promotions) => {
      const { lines } = quote(
        asked,
        promotions.map((promotion) => ({ ...promotion, sellerId: BERT })),
      );
      const others = lines.filter((_line, at) => asked.lines[at]?.sellerId === ANNA);
      expect(others.filter(({ discount }) => discount.minor !== 0)).toEqual([]);
    }));
});

describe("one promotion", () => {
  test("a percentage is taken off each line, half a minor unit rounded up", () => {
    const view = quote(basket([line(1, 1_005), line(2, 999, { pieces: 2 })]), [running(1)]);
    expect(totals(view)).toEqual([904, 1_798]);
    expect(amounts(view)).toEqual([301]);
  });

  test("a fixed amount is spread over the lines by what they cost, to the last minor unit", () => {
    const view = quote(basket([line(1, 300), line(2, 300), line(3, 300)]), [running(1, fixed(100))]);
    expect(totals(view)).toEqual([266, 267, 267]);
  });

  test("the whole price off is a price of zero", () => {
    expect(quote(basket([line(1, 999)]), [running(1, percent(10_000))]).total).toEqual(euro(0));
    expect(quote(basket([line(1, 999)]), [running(1, fixed(5_000))]).total).toEqual(euro(0));
  });

  test("with too little left it gives what is left, spread by what it would have given", () => {
    const view = quote(basket([line(1, 1_000), line(2, 3_000)]), [running(1, { left: euro(100) })]);
    expect(totals(view)).toEqual([975, 2_925]);
    expect(amounts(view)).toEqual([100]);
  });

  test("with nothing left an automatic one does not apply, and a code applies with nothing", () => {
    const spent = { left: euro(0) };
    expect(quote(basket([line(1, 1_000)]), [running(1, spent)]).applied).toEqual([]);
    const ofCode = quote(basket([line(1, 1_000)], ["AUTUMN"]), [running(1, { ...spent, code: "AUTUMN" })]);
    expect(amounts(ofCode)).toEqual([0]);
    expect(ofCode.total).toEqual(euro(1_000));
  });
});

describe("many promotions", () => {
  test("go by priority, then by id, each on what the one before has left", () => {
    const promotions = [running(3), running(2, fixed(100)), running(1, { ...percent(5_000), priority: 0 })];
    const view = quote(basket([line(1, 1_000)]), promotions);
    expect(view.applied.map(({ promotionId }) => promotionId)).toEqual([
      idOf("prm", 1),
      idOf("prm", 2),
      idOf("prm", 3),
    ]);
    expect(amounts(view)).toEqual([500, 100, 40]);
    expect(view.total).toEqual(euro(360));
  });

  test("are no more than one hold takes: the first automatic ones, and every code", () => {
    const automatic = Array.from({ length: 30 }, (_, at) => running(at, { ...fixed(1), priority: at }));
    const ofCode = running(99, { code: "AUTUMN", ...fixed(7), priority: 900 });
    const { applied } = quote(basket([line(1, 1_000)], ["AUTUMN"]), [...automatic, ofCode]);
    expect(applied).toHaveLength(PROMOTION_HOLD_COUNT_MAX);
    expect(applied.at(-1)).toMatchObject({ promotionId: ofCode.promotionId, amount: euro(7) });
    expect(applied.at(-2)).toMatchObject({ promotionId: idOf("prm", PROMOTION_HOLD_COUNT_MAX - 2) });
  });
});

test("a code is unknown when nothing runs by it, or what runs touches no line", () => {
  const asked = basket([line(1, 1_000)], ["MINE", "THEIRS"]);
  const [mine, theirs] = [running(1, { code: "MINE" }), running(2, { code: "THEIRS", sellerId: BERT })];
  expect(unknownCode(asked, [])).toBe("MINE");
  expect(unknownCode(asked, [mine, theirs])).toBe("THEIRS");
  expect(unknownCode(asked, [mine, { ...theirs, sellerId: ANNA }])).toBeUndefined();
});

test("a basket in two currencies, or beyond what money can say, is found out", () => {
  expect(isMixed(basket([line(1, 1), line(2, 1)]))).toBe(false);
  expect(isMixed(basket([line(1, 1), line(2, 1, { unitPrice: money(1, "USD") })]))).toBe(true);
  expect(isBeyondMoney(basket([line(1, MINOR_MAX)]))).toBe(false);
  expect(isBeyondMoney(basket([line(1, MINOR_MAX), line(2, 1)]))).toBe(true);
  expect(isBeyondMoney(basket([line(1, MINOR_MAX, { pieces: 9_999 })]))).toBe(true);
});
