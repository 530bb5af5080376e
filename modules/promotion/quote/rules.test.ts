import { MINOR_MAX, money } from "@shopnexus/contracts/kit/money";
import { PROMOTION_HOLD_COUNT_MAX } from "@shopnexus/contracts/promotion/promotion";
import { Explanation, QuoteView } from "@shopnexus/contracts/promotion/quote";
import { Discount } from "@shopnexus/contracts/promotion/terms";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  basketOf,
  bundle,
  buyGet,
  euro,
  fixed,
  idOf,
  linesOf,
  parcelsOf,
  percent,
  running,
  sellerOf,
  skuOf,
  tiered,
} from "../_kit/proof/table.ts";
import type { Basket, Running } from "../_kit/promotions.ts";
import { beKnown, bePriceable, explanation, quote } from "./rules.ts";

const minor = (most: number) => fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: most }));
const sellers = fc.constantFrom("A", "B", "C");
const categories = fc.constantFrom("things", "shoes", "hats");
const anyBasket = fc
  .record({
    lines: fc.array(
      fc.record({
        seller: sellers,
        unit: minor(100_000),
        pieces: fc.integer({ min: 1, max: 20 }),
        category: categories,
      }),
      { minLength: 1, maxLength: 10 },
    ),
    prices: fc.tuple(minor(5_000), minor(5_000), minor(5_000)),
  })
  .map(({ lines, prices: [a, b, c] }) =>
    basketOf(
      lines.map(({ seller, unit, pieces, category }) => `${seller} ${unit}x${pieces} ${category}`).join(", "),
      `B ${b}, A ${a}, C ${c}`,
      ["CODE-1"],
    ),
  );
const basisPoints = fc.integer({ min: 1, max: 10_000 });
const anySimple = fc.oneof(basisPoints.map(percent), minor(300_000).map(fixed));
const pieces = fc.integer({ min: 1, max: 4 });
const anyDiscount = fc.oneof(
  anySimple,
  fc.tuple(pieces, basisPoints, basisPoints).map(([from, a, b]) => tiered({ [from]: a, [from + 3]: b })),
  fc.tuple(pieces, pieces, basisPoints).map(([buy, get, off]) => buyGet(buy, get, off)),
  fc.tuple(pieces, pieces, minor(50_000)).map(([a, b, price]) => bundle({ 1: a, 2: b }, price)),
);
const anyTargets = fc.oneof(
  fc.constant(["all"]),
  categories.map((category) => [`category:${category}`]),
  sellers.map((seller) => [`seller:${sellerOf(seller)}`]),
  fc.integer({ min: 1, max: 4 }).map((at) => [`sku:${skuOf(at)}`, "category:hats"]),
);
const anyTerms = fc.record({
  sellerId: fc.constantFrom(null, null, sellerOf("A"), sellerOf("B")),
  level: fc.constantFrom<Running["level"]>("line", "seller", "order"),
  minimumMinor: fc.oneof(fc.constant(0), minor(100_000)),
  capMinor: fc.oneof(fc.constant(null), minor(20_000)),
  targets: anyTargets,
  group: fc.constantFrom(null, null, "autumn", "winter"),
  isExclusive: fc.constantFrom(false, false, false, true),
  priority: fc.integer({ min: 0, max: 3 }),
  left: minor(MINOR_MAX).map(euro),
  isUsedUp: fc.constantFrom(false, false, false, true),
  code: fc.constantFrom(null, null, "CODE-1"),
  paidBy: fc.constantFrom<Running["paidBy"]>("platform", "seller"),
});
const anyPromotion = fc
  .tuple(
    fc.integer({ min: 1, max: 999 }),
    fc.oneof(
      anyDiscount.map((discount) => ({ discount, gives: "goods" as const })),
      anySimple.map((discount) => ({ discount, gives: "shipping" as const })),
      anySimple.map((discount) => ({ discount, gives: "cashback" as const })),
    ),
    anyTerms,
  )
  .map(([at, { discount, gives }, rest]) => running(at, discount, { ...rest, gives }));
const anyPromotions = fc.uniqueArray(anyPromotion, {
  maxLength: 9,
  selector: ({ promotionId }) => promotionId,
});
type Told = ReturnType<typeof explanation>;
const forAll = (holds: (asked: Basket, promotions: Running[], told: Told) => void): void =>
  fc.assert(
    fc.property(anyBasket, anyPromotions, (asked, promotions) =>
      holds(asked, promotions, explanation(asked, promotions)),
    ),
    { numRuns: 500 },
  );
/** The same things in another order, the same every time. */
const turned = <T>(items: readonly T[]): T[] => [...items.slice(1), ...items.slice(0, 1)].toReversed();
const sumOf = (amounts: ReadonlyArray<{ readonly minor: number }>): number =>
  amounts.reduce((sum, amount) => sum + amount.minor, 0);
const everything = ({ lines, parcels }: Told) => [...lines, ...parcels];

describe("whatever the basket and the promotions", () => {
  test("the shape is the contract's, and lines and parcels stand in the order asked", () =>
    forAll((asked, promotions, told) => {
      expect(Explanation.parse(told)).toEqual(told);
      expect(QuoteView.parse(quote(asked, promotions))).toEqual(quote(asked, promotions));
      for (const { discount } of promotions) Discount.parse(discount);
      expect(told.lines.map(({ skuId }) => skuId)).toEqual(asked.lines.map(({ skuId }) => skuId));
      const sellerIds = asked.parcels?.map(({ sellerId }) => sellerId);
      expect(told.parcels.map(({ sellerId }) => sellerId)).toEqual(sellerIds);
    }));

  test("nothing is below zero, no discount is above its line or parcel, and totals add up", () =>
    forAll((asked, _promotions, told) => {
      const wanted = [
        ...asked.lines.map(({ unitPrice, pieces: count }) => unitPrice.minor * count),
        ...(asked.parcels ?? []).map(({ price }) => price.minor),
      ];
      for (const [at, { subtotal, discount, platformPart, total }] of everything(told).entries()) {
        expect(subtotal.minor).toBe(wanted[at]);
        expect(total.minor).toBe(subtotal.minor - discount.minor);
        expect(total.minor).toBeGreaterThanOrEqual(0);
        expect(platformPart.minor).toBeGreaterThanOrEqual(0);
        expect(discount.minor).toBeGreaterThanOrEqual(platformPart.minor);
      }
      expect(told.total.minor).toBe(sumOf(told.lines.map(({ total }) => total)));
    }));

  test("the parts that are explained are the discount, and together what each promotion gave", () =>
    forAll((_asked, _promotions, told) => {
      const given = new Map(told.applied.map(({ promotionId }) => [promotionId, 0]));
      for (const { discount, parts } of everything(told)) {
        const now = parts.filter(({ gives }) => gives !== "cashback");
        expect(sumOf(now.map(({ amount }) => amount))).toBe(discount.minor);
        for (const { promotionId, amount } of parts) {
          expect(amount.minor).toBeGreaterThan(0);
          given.set(promotionId, (given.get(promotionId) ?? 0) + amount.minor);
        }
      }
      for (const { promotionId, amount } of told.applied) expect(given.get(promotionId)).toBe(amount.minor);
      expect(given.size).toBe(told.applied.length);
    }));

  test("every promotion that touches a line gave it something or says why not, and either applied or lost", () =>
    forAll((_asked, promotions, told) => {
      const judged = [...told.applied, ...told.lost].map(({ promotionId }) => promotionId);
      expect(new Set(judged).size).toBe(judged.length);
      for (const { parts, lost } of everything(told)) {
        const named = [...parts, ...lost].map(({ promotionId }) => promotionId);
        expect(new Set(named).size).toBe(named.length);
        for (const promotionId of named) expect(judged).toContain(promotionId);
      }
      const forAllLines = promotions.filter(
        ({ targets, sellerId, gives }) => gives === "goods" && targets[0] === "all" && sellerId === null,
      );
      for (const { promotionId } of forAllLines)
        for (const { parts, lost } of told.lines)
          expect([...parts, ...lost].map((one) => one.promotionId)).toContain(promotionId);
    }));

  test("no promotion gives more than is left of it, and none more than its cap over the whole order", () =>
    forAll((_asked, promotions, told) => {
      const of = new Map(promotions.map((promotion) => [promotion.promotionId, promotion]));
      for (const { promotionId, amount } of told.applied) {
        const { left, capMinor, level } = of.get(promotionId)!;
        expect(amount.minor).toBeLessThanOrEqual(left.minor);
        const most = level === "order" && capMinor !== null ? capMinor : MINOR_MAX;
        expect(amount.minor).toBeLessThanOrEqual(most);
      }
    }));

  test("a SKU costs the same wherever it stands in the basket, and however the promotions were found", () =>
    forAll((asked, promotions, told) => {
      const lines = turned(asked.lines);
      const other = explanation(
        { ...asked, lines, parcels: turned(asked.parcels ?? []) },
        turned(promotions),
      );
      expect(other).toEqual({ ...told, lines: turned(told.lines), parcels: turned(told.parcels) });
    }));

  test("the question is left as it was", () =>
    forAll((asked, promotions, told) => {
      const before = structuredClone({ asked, promotions });
      expect(explanation(asked, promotions)).toEqual(told);
      expect({ asked, promotions }).toEqual(before);
    }));

  test("a seller's promotion takes nothing off another's lines or parcels", () =>
    forAll((asked, promotions) => {
      const ofB = promotions.map((promotion) => ({ ...promotion, sellerId: sellerOf("B") }));
      const told = explanation(asked, ofB);
      const others = [
        ...told.lines.filter((_line, at) => asked.lines[at]?.sellerId !== sellerOf("B")),
        ...told.parcels.filter(({ sellerId }) => sellerId !== sellerOf("B")),
      ];
      expect(others.filter(({ discount }) => discount.minor !== 0)).toEqual([]);
    }));

  test("a line that an exclusive promotion made cheaper has one part", () =>
    forAll((_asked, promotions, { lines }) => {
      const alone = new Set(promotions.flatMap((one) => (one.isExclusive ? [one.promotionId] : [])));
      const shared = lines.filter(
        ({ parts }) => parts.length > 1 && parts.some(({ promotionId }) => alone.has(promotionId)),
      );
      expect(shared).toEqual([]);
    }));
});

test("a percentage over a whole order is off by less than one minor unit from each line's own share", () => {
  fc.assert(
    fc.property(anyBasket, basisPoints, (asked, off) => {
      const { lines } = quote(asked, [running(1, percent(off), { left: euro(MINOR_MAX) })]);
      const whole = sumOf(lines.map(({ subtotal }) => subtotal));
      const given = sumOf(lines.map(({ discount }) => discount));
      for (const { subtotal, discount } of lines)
        expect(Math.abs(discount.minor * whole - given * subtotal.minor)).toBeLessThan(Math.max(1, whole));
    }),
  );
});

test("promotions are no more than one hold takes: the first automatic ones, and every code", () => {
  const automatic = Array.from({ length: 30 }, (_, at) => running(at, fixed(1), { priority: at }));
  const ofCode = running(99, fixed(7), { code: "AUTUMN", priority: 900 });
  const { applied, lost } = quote(basketOf("A 1000x1"), [...automatic, ofCode]);
  expect(applied).toHaveLength(PROMOTION_HOLD_COUNT_MAX);
  expect(applied.at(-1)).toMatchObject({ promotionId: ofCode.promotionId, amount: euro(7) });
  expect(applied.at(-2)).toMatchObject({ promotionId: idOf("prm", PROMOTION_HOLD_COUNT_MAX - 2) });
  expect(lost.map(({ reason }) => reason)).toEqual(Array.from({ length: 11 }, () => "too_many"));
});

test("cashback is a part of what is paid for a line, explained to the last minor unit, and changes no price", () => {
  forAll((asked, promotions, told) => {
    for (const { total, cashback, parts } of told.lines) {
      const later = parts.filter(({ gives }) => gives === "cashback");
      expect(sumOf(later.map(({ amount }) => amount))).toBe(cashback.minor);
      expect(cashback.minor).toBeLessThanOrEqual(total.minor);
    }
    const without = promotions.filter(
      ({ gives, isExclusive, group }) => gives !== "cashback" || isExclusive || group !== null,
    );
    const others = explanation(asked, without);
    expect(told.lines.map(({ total }) => total)).toEqual(others.lines.map(({ total }) => total));
  });
});

test("a code that is spent applies with nothing, so that holding it says so; one that lost does not apply", () => {
  const spent = running(1, fixed(10), { code: "SPENT", left: euro(0) });
  const lost = running(2, fixed(10), { code: "LOST", minimumMinor: 5_000 });
  const view = quote(basketOf("A 1000x1", undefined, ["SPENT", "LOST"]), [spent, lost]);
  expect(view.applied).toMatchObject([{ promotionId: spent.promotionId, amount: euro(0) }]);
  expect(view.lost).toEqual([{ promotionId: lost.promotionId, name: lost.name, reason: "below_minimum" }]);
});

test("what the platform pays of a discount is told from what the seller pays", () => {
  const promotions = [running(1, fixed(100)), running(2, percent(1_000), { paidBy: "seller" })];
  expect(quote(basketOf("A 1000x1"), promotions).lines[0]).toMatchObject({
    discount: euro(190),
    platformPart: euro(100),
  });
});

test("a code is CODE_UNKNOWN when nothing runs by it, or what runs touches no line", () => {
  const asked = basketOf("A 1000x1", undefined, ["MINE", "THEIRS"]);
  const [mine, theirs] = [
    running(1, fixed(1), { code: "MINE" }),
    running(2, fixed(1), { code: "THEIRS", sellerId: sellerOf("B") }),
  ];
  const unknown = (code: string) => expect.objectContaining({ code: "CODE_UNKNOWN", data: { code } });
  expect(() => beKnown(asked, [])).toThrow(unknown("MINE"));
  expect(() => beKnown(asked, [mine, theirs])).toThrow(unknown("THEIRS"));
  expect(() => beKnown(asked, [mine, { ...theirs, sellerId: sellerOf("A") }])).not.toThrow();
});

test("a basket in two currencies, or beyond what money can say, has no price", () => {
  const asked = basketOf("A 1x1, A 1x1");
  const dollars = { sellerId: sellerOf("A"), price: money(1, "USD") };
  expect(() => bePriceable(asked)).not.toThrow();
  for (const mixed of [
    { ...asked, lines: asked.lines.map((line) => ({ ...line, unitPrice: money(1, "USD") })) },
    { ...asked, parcels: [dollars] },
  ])
    expect(() => bePriceable(mixed)).toThrow(expect.objectContaining({ code: "CURRENCY_MIXED" }));
  const tooDear = expect.objectContaining({ code: "INVALID_INPUT" });
  expect(() => bePriceable({ ...asked, lines: linesOf(`A ${MINOR_MAX}x1`) })).not.toThrow();
  expect(() => bePriceable({ ...asked, lines: linesOf(`A ${MINOR_MAX}x1, A 1x1`) })).toThrow(tooDear);
  expect(() => bePriceable({ ...asked, parcels: parcelsOf(`A ${MINOR_MAX}, B 1`) })).toThrow(tooDear);
});
