import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SkuSnapshot } from "@shopnexus/contracts/catalog/listing";
import { freshId } from "@shopnexus/contracts/kit/id";
import { convert, minorDigits, money, type Money, Rate } from "@shopnexus/contracts/kit/money";
import { FrozenGroup, FrozenLine, type Basket } from "@shopnexus/contracts/order/basket";
import type { QuoteView } from "@shopnexus/contracts/promotion/quote";
import { beAsSeen, beBuyable, beDistinct, linesOf, quoteLines, totalOf, walletPartOf } from "./basket.ts";
import { groupsOf, type Ingredients } from "./carriage.ts";
import { inBasketOf, inverse } from "./rates.ts";

const usd = (minor: number): Money => money(minor, "USD");
const dong = (minor: number): Money => money(minor, "VND");
const NO_RATES = new Map<string, string>();
const BUYER = freshId("acc");

const skuOf = (price: Money, rest: Partial<SkuSnapshot> = {}): SkuSnapshot => ({
  skuId: freshId("sku"),
  listingId: freshId("lst"),
  sellerId: freshId("acc"),
  title: "A thing",
  code: "ONE",
  category: "things",
  price,
  weightGrams: 100,
  sizeMm: null,
  ...rest,
});

const basketOf = (skus: readonly SkuSnapshot[], rest: Partial<Basket> = {}): Basket => ({
  addressId: freshId("adr"),
  gateway: "stripe",
  currency: "USD",
  codes: [],
  lines: skus.map(({ skuId, price }, at) => ({ skuId, pieces: at + 1, seen: price })),
  ...rest,
});

const optionOf = (price: Money, service = "standard") => ({ carrier: "ghn", service, price, days: 3 });

/** A basket as it is frozen, without discounts. */
const given = (
  basket: Basket,
  skus: readonly SkuSnapshot[],
  rest: Partial<Ingredients> = {},
): Ingredients => {
  const rates = rest.rates ?? NO_RATES;
  const lines = quoteLines(basket, skus, rates).map(({ skuId, unitPrice, pieces }) => {
    const subtotal = money(unitPrice.minor * pieces, basket.currency);
    const none = money(0, basket.currency);
    return { skuId, subtotal, discount: none, platformPart: none, cashback: none, total: subtotal };
  });
  const quote: QuoteView = { lines, parcels: [], applied: [], lost: [], total: money(0, basket.currency) };
  const sellers = [...new Set(skus.map(({ sellerId }) => sellerId))];
  return {
    basket,
    skus,
    rates,
    quote,
    offers: sellers.map((sellerId) => ({ sellerId, options: [optionOf(money(0, basket.currency))] })),
    origins: new Map(),
    lineIdOf: (skuId) => `lin_${skuId.slice(4)}`,
    ...rest,
  };
};

const frozenOf = (ingredients: Ingredients) => {
  const groups = groupsOf(ingredients);
  const lines = linesOf(
    ingredients,
    groups.map(({ group }) => group),
  );
  const basket = ingredients.basket as Basket;
  return { basket, groups, lines, total: totalOf(lines, basket.currency) };
};
const refused = (code: string, data: unknown = expect.anything()) => expect.objectContaining({ code, data });

describe("who may buy what", () => {
  it("the same item on two lines is refused (LINE_TWICE)", () => {
    const sku = skuOf(usd(100));
    expect(() => beDistinct(basketOf([sku, sku]))).toThrow(refused("LINE_TWICE"));
  });

  it("an item of the buyer's own is refused (OWN_LISTING), whatever else is in the basket", () => {
    const skus = [skuOf(usd(100)), skuOf(usd(100), { sellerId: BUYER })];
    expect(() => beBuyable(basketOf(skus), skus, BUYER)).toThrow(refused("OWN_LISTING"));
  });

  it("a wallet part in another currency than the basket's is refused (CURRENCY_MIXED)", () => {
    const skus = [skuOf(usd(100))];
    const mixed = basketOf(skus, { wallet: dong(1) });
    expect(() => beBuyable(mixed, skus, BUYER)).toThrow(refused("CURRENCY_MIXED"));
  });
});

describe("prices as seen", () => {
  const skus = [skuOf(usd(100)), skuOf(usd(200)), skuOf(usd(300))];

  it("a basket at the prices seen passes", () => {
    expect(() => beAsSeen(frozenOf(given(basketOf(skus), skus)))).not.toThrow();
  });

  it("other prices are refused (PRICE_CHANGED) with both prices of just the lines that changed", () => {
    const now = skus.map((sku, at) => ({ ...sku, price: usd(sku.price.minor + (at === 1 ? 1 : 0)) }));
    const changed = [{ skuId: skus[1]?.skuId, seen: usd(200), now: usd(201) }];
    expect(() => beAsSeen(frozenOf(given(basketOf(skus), now)))).toThrow(
      refused("PRICE_CHANGED", { lines: changed }),
    );
  });

  it("another total is refused (PRICE_CHANGED) with both totals", () => {
    const basket = basketOf(skus, { seenTotal: usd(1_399) });
    expect(() => beAsSeen(frozenOf(given(basket, skus)))).toThrow(
      refused("PRICE_CHANGED", { lines: [], total: { seen: usd(1_399), now: usd(1_400) } }),
    );
    expect(() => beAsSeen(frozenOf(given(basketOf(skus, { seenTotal: usd(1_400) }), skus)))).not.toThrow();
  });

  it("another price of a parcel is refused (PRICE_CHANGED) with both", () => {
    const [sku = skuOf(usd(1))] = skus;
    const wish = { sellerId: sku.sellerId, carrier: "ghn", service: "standard", seen: usd(4) };
    const offers = [{ sellerId: sku.sellerId, options: [optionOf(usd(5))] }];
    const basket = basketOf([sku], { shipping: [wish] });
    expect(() => beAsSeen(frozenOf(given(basket, [sku], { offers })))).toThrow(
      refused("PRICE_CHANGED", {
        lines: [],
        shipping: [{ sellerId: sku.sellerId, seen: usd(4), now: usd(5) }],
      }),
    );
  });

  it("a seller whom nobody serves, or not in the way that was chosen, is refused (SHIPPING_UNAVAILABLE)", () => {
    const [sku = skuOf(usd(1))] = skus;
    const none = given(basketOf([sku]), [sku], { offers: [] });
    expect(() => beAsSeen(frozenOf(none))).toThrow(
      refused("SHIPPING_UNAVAILABLE", { sellerIds: [sku.sellerId] }),
    );
    const wish = { sellerId: sku.sellerId, carrier: "ghn", service: "rocket", seen: usd(0) };
    expect(() => beAsSeen(frozenOf(given(basketOf([sku], { shipping: [wish] }), [sku])))).toThrow(
      refused("SHIPPING_UNAVAILABLE"),
    );
  });

  it("a piece may have been seen in the seller's currency or in the buyer's", () => {
    const rates = new Map([["VND", "0.00004"]]);
    const sku = skuOf(dong(250_000));
    for (const seen of [dong(250_000), usd(1_000)]) {
      const basket = { ...basketOf([sku]), lines: [{ skuId: sku.skuId, pieces: 1, seen }] };
      expect(() => beAsSeen(frozenOf(given(basket, [sku], { rates })))).not.toThrow();
    }
    const wrong = { ...basketOf([sku]), lines: [{ skuId: sku.skuId, pieces: 1, seen: usd(999) }] };
    expect(() => beAsSeen(frozenOf(given(wrong, [sku], { rates })))).toThrow(
      refused("PRICE_CHANGED", { lines: [{ skuId: sku.skuId, seen: usd(999), now: usd(1_000) }] }),
    );
  });
});

describe("parcels", () => {
  const sellerId = freshId("acc");

  it("the cheapest way is taken unless another is chosen, in whatever currency carriers name it", () => {
    const sku = skuOf(usd(100), { sellerId });
    const options = [optionOf(dong(50_000), "fast"), optionOf(usd(300), "slow")];
    const rates = new Map([["VND", "0.00004"]]);
    const offers = [{ sellerId, options }];
    const cheapest = groupsOf(given(basketOf([sku]), [sku], { offers, rates }));
    expect(cheapest[0]?.group).toMatchObject({ service: "fast", shipping: usd(200) });
    const wish = { sellerId, carrier: "ghn", service: "slow", seen: usd(300) };
    const chosen = groupsOf(given(basketOf([sku], { shipping: [wish] }), [sku], { offers, rates }));
    expect(chosen[0]?.group).toMatchObject({ service: "slow", shipping: usd(300) });
    expect(FrozenGroup.safeParse(chosen[0]?.group).success).toBe(true);
  });

  it("a parcel is paid by its lines to the minor unit, each by its weight, or its price where none weighs", () => {
    const any = fc.array(fc.tuple(fc.nat(5_000), fc.nat(100_000)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(any, fc.nat(1_000_000), fc.boolean(), (parts, shippingMinor, areWeighed) => {
        const skus = parts.map(([grams, minor]) =>
          skuOf(usd(minor), { sellerId, weightGrams: areWeighed ? grams : 0 }),
        );
        const offers = [{ sellerId, options: [optionOf(usd(shippingMinor))] }];
        const basket = basketOf(skus);
        const { lines, total } = frozenOf(given(basket, skus, { offers }));
        expect(lines.reduce((sum, { shipping }) => sum + shipping.minor, 0)).toBe(shippingMinor);
        expect(total.minor).toBe(lines.reduce((sum, line) => sum + line.total.minor, 0) + shippingMinor);
        for (const line of lines) expect(FrozenLine.safeParse(line).success).toBe(true);
        const weights = parts.map(([grams, minor], at) => (areWeighed ? grams : minor) * (at + 1));
        const isShared = weights.some((weight) => weight > 0);
        const free = lines.filter((_line, at) => isShared && weights[at] === 0);
        expect(free.map(({ shipping }) => shipping.minor)).toEqual(free.map(() => 0));
      }),
    );
  });
});

describe("what promotions take off a parcel", () => {
  const sellerId = freshId("acc");
  const amount = fc.nat(1_000_000);

  it("is written down with its lines, to the minor unit, by who pays it; nothing of it comes to another seller's", () => {
    const any = fc.array(fc.tuple(fc.nat(5_000), fc.nat(100_000)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(any, amount, amount, amount, (parts, paid, ours, theirs) => {
        const own = parts.map(([weightGrams, minor]) => skuOf(usd(minor), { sellerId, weightGrams }));
        const other = skuOf(usd(100));
        const skus = [...own, other];
        const priced = given(basketOf(skus), skus);
        const [discount, platformPart] = [usd(ours + theirs), usd(ours)];
        const subtotal = usd(paid + ours + theirs);
        const parcel = { sellerId, subtotal, discount, platformPart, total: usd(paid) };
        const { group } = groupsOf(priced).find((one) => one.group.sellerId === sellerId) ?? {};
        const groups = group === undefined ? [] : [{ ...group, shipping: usd(paid) }];
        const lines = linesOf({ ...priced, quote: { ...priced.quote, parcels: [parcel] } }, groups);
        const sumOf = (name: "shipping" | "platformCarriage" | "sellerCarriage") =>
          lines.reduce((sum, line) => sum + (line[name]?.minor ?? 0), 0);
        expect(
          ["shipping" as const, "platformCarriage" as const, "sellerCarriage" as const].map(sumOf),
        ).toEqual([paid, ours, theirs]);
        expect(lines.at(-1)).toMatchObject({ sellerId: other.sellerId, shipping: usd(0) });
        expect(lines.at(-1)?.sellerCarriage).toBeUndefined();
        for (const line of lines) expect(FrozenLine.safeParse(line).success).toBe(true);
      }),
    );
  });
});

describe("two currencies", () => {
  it("a rate turned round is within half of its last decimal, and turned twice it is what it was", () => {
    const anyRate = fc
      .tuple(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 1, max: 999_999 }))
      .map(([units, decimals]) => `${units}.${String(decimals).padStart(6, "0")}`);
    fc.assert(
      fc.property(anyRate, (rate) => {
        const turned = inverse(rate);
        expect(Rate.safeParse(turned).success).toBe(true);
        expect(Math.abs(Number(turned) * Number(rate) - 1)).toBeLessThan(Number(rate) * 1e-12 + 1e-9);
      }),
    );
    expect(inverse("25000")).toBe("0.000040000000");
    expect(inverse("0.00004")).toBe("25000.000000000000");
  });

  it("unit prices are in the basket's currency, and the seller's own stays on the line", () => {
    const rates = new Map([["VND", "0.000041"]]);
    const sku = skuOf(dong(123_457));
    const { lines } = frozenOf(given(basketOf([sku]), [sku], { rates }));
    expect(lines[0]).toMatchObject({
      unitPrice: convert(dong(123_457), "0.000041", "USD"),
      source: sku.price,
    });
    expect(minorDigits("VND")).toBe(0);
  });

  it("what no money can count is nobody's to pay (AMOUNT_UNPAYABLE)", () => {
    const rates = new Map([["USD", "999999999999"]]);
    expect(() => inBasketOf(usd(1_000_000_000), "VND", rates)).toThrow(refused("AMOUNT_UNPAYABLE"));
  });
});

describe("the wallet's part", () => {
  const skus = [skuOf(usd(100))];

  it("is what was asked for, and at most the total; all of it where the wallet is the gateway", () => {
    expect(walletPartOf(basketOf(skus), usd(500))).toEqual(usd(0));
    expect(walletPartOf(basketOf(skus, { wallet: usd(200) }), usd(500))).toEqual(usd(200));
    expect(walletPartOf(basketOf(skus, { wallet: usd(900) }), usd(500))).toEqual(usd(500));
    expect(walletPartOf(basketOf(skus, { gateway: "wallet" }), usd(500))).toEqual(usd(500));
  });
});
