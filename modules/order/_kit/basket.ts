/** What a basket comes to: values in, frozen lines and parcels out. The same for who looks and for who buys. */
import type { Address } from "@shopnexus/contracts/account/address-book";
import type { SkuSnapshot } from "@shopnexus/contracts/catalog/listing";
import type { In } from "@shopnexus/contracts/kit/contract";
import { convert, equals, least, MINOR_MAX, type Money, money, split } from "@shopnexus/contracts/kit/money";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Basket, FrozenGroup, FrozenLine, ShippingOption } from "@shopnexus/contracts/order/basket";
import { ChargeRefusals } from "@shopnexus/contracts/order/charge";
import { CheckoutRefusals } from "@shopnexus/contracts/order/checkout";
import type { Shipment } from "@shopnexus/contracts/order/shipment";
import { type Quote, QuoteRefusals, type QuoteView } from "@shopnexus/contracts/promotion/quote";
import { packedOf } from "../shipment/rules.ts";

/** What is wanted, by who buys and by who looks. */
export type Wanted = Pick<Basket, "addressId" | "currency" | "codes" | "wallet"> & {
  readonly lines: ReadonlyArray<Pick<Basket["lines"][number], "skuId" | "pieces" | "note">>;
  readonly shipping?:
    | ReadonlyArray<{ readonly sellerId: string; readonly carrier: string; readonly service: string }>
    | undefined;
};

/** How many units of the basket's currency one unit of each is worth. */
export type Rates = ReadonlyMap<string, string>;

/** An amount in the basket's currency; one beyond what money can count is nobody's to pay. */
export const inBasketOf = (amount: Money, currency: string, rates: Rates): Money => {
  if (amount.currency === currency) return amount;
  const converted = convertible(amount, rates.get(amount.currency), currency);
  if (converted === undefined) throw refuse(ChargeRefusals.AMOUNT_UNPAYABLE, {});
  return converted;
};

const convertible = (amount: Money, rate: string | undefined, currency: string): Money | undefined => {
  // Far above what any currency asks for, and far below where numbers lose their units.
  const isCountable = rate !== undefined && Number(rate) * amount.minor < MINOR_MAX;
  const converted = isCountable ? convert(amount, rate, currency) : undefined;
  return converted !== undefined && converted.minor <= MINOR_MAX ? converted : undefined;
};

const RATE_DECIMALS = 12;

/** A rate the other way round: exact to twelve decimals, and never zero. */
export const inverse = (rate: string): string => {
  const [units = "0", decimals = ""] = rate.split(".");
  const scaled = BigInt(units + decimals);
  const whole = 10n ** BigInt(decimals.length + RATE_DECIMALS);
  const digits = String((whole + scaled / 2n) / scaled || 1n).padStart(RATE_DECIMALS + 1, "0");
  return `${digits.slice(0, -RATE_DECIMALS)}.${digits.slice(-RATE_DECIMALS)}`;
};

/** Refuses a basket that nobody may buy. */
export const beBuyable = (basket: Wanted, skus: readonly SkuSnapshot[], accountId: string): void => {
  if (skus.some(({ sellerId }) => sellerId === accountId)) throw refuse(CheckoutRefusals.OWN_LISTING, {});
  if (basket.wallet !== undefined && basket.wallet.currency !== basket.currency)
    throw refuse(QuoteRefusals.CURRENCY_MIXED, {});
};

export const beDistinct = ({ lines }: Wanted): void => {
  if (new Set(lines.map(({ skuId }) => skuId)).size < lines.length)
    throw refuse(CheckoutRefusals.LINE_TWICE, {});
};

/** What the price engine has to know of a basket, all of it in the basket's currency. */
export const quoteLines = (
  basket: Wanted,
  skus: readonly SkuSnapshot[],
  rates: Rates,
): In<typeof Quote, "price">["lines"] =>
  skus.map(({ skuId, sellerId, price }) => {
    const pieces = basket.lines.find((line) => line.skuId === skuId)?.pieces ?? 0;
    return { skuId, sellerId, unitPrice: inBasketOf(price, basket.currency, rates), pieces };
  });

/** More than any carrier takes, and the most that may be asked for. */
const GRAMS_MAX = 1_000_000_000;
const HEIGHT_MM_MAX = 5_000;

/** What each seller would send, and from where to where. */
export const parcelsOf = (
  { lines }: Wanted,
  skus: readonly SkuSnapshot[],
  { origins, to }: { readonly origins: ReadonlyMap<string, Address | null>; readonly to: Address },
): In<typeof Shipment, "offer">["groups"] =>
  [...Map.groupBy(skus, ({ sellerId }) => sellerId)].map(([sellerId, own]) => ({
    sellerId,
    from: origins.get(sellerId) ?? null,
    to,
    parcel: own.map((sku) => {
      const pieces = lines.find(({ skuId }) => skuId === sku.skuId)?.pieces ?? 1;
      const { weightGrams, sizeMm } = packedOf({ ...sku, pieces });
      return {
        weightGrams: Math.min(weightGrams, GRAMS_MAX),
        sizeMm: sizeMm && { ...sizeMm, height: Math.min(sizeMm.height, HEIGHT_MM_MAX) },
      };
    }),
  }));

/** What carriers offer for one seller's parcel, in any currency. */
export type Offer = { readonly sellerId: string; readonly options: readonly ShippingOption[] };

export type Ingredients = {
  readonly basket: Wanted;
  readonly skus: readonly SkuSnapshot[];
  readonly rates: Rates;
  readonly quote: QuoteView;
  readonly offers: readonly Offer[];
  /** Where each seller's parcels leave from. */
  readonly origins: ReadonlyMap<string, Address | null>;
  readonly lineIdOf: (skuId: string) => string;
};

/** One seller's part of a basket: the ways its parcel may go, cheapest first, and the one that it goes. */
export type PricedGroup = {
  readonly group: FrozenGroup;
  readonly options: readonly ShippingOption[];
  /** The option that was asked for; undefined when nobody serves the address, or not in that way. */
  readonly chosen: ShippingOption | undefined;
};

export const groupsOf = ({ basket, skus, rates, offers, origins }: Ingredients): PricedGroup[] =>
  [...Map.groupBy(skus, ({ sellerId }) => sellerId)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([sellerId, own]) => {
      const { currency } = basket;
      const options = (offers.find((offer) => offer.sellerId === sellerId)?.options ?? [])
        .map((option) => ({ ...option, price: inBasketOf(option.price, currency, rates) }))
        .toSorted((a, b) => a.price.minor - b.price.minor);
      const wish = basket.shipping?.find((one) => one.sellerId === sellerId);
      const chosen = options.find(
        ({ carrier, service }) =>
          wish === undefined || (carrier === wish.carrier && service === wish.service),
      );
      const sellerCurrency = own[0]?.price.currency ?? currency;
      const rate = rates.get(sellerCurrency);
      const group = {
        sellerId,
        carrier: chosen?.carrier ?? null,
        service: chosen?.service ?? null,
        shipping: chosen?.price ?? money(0, currency),
        days: chosen?.days ?? null,
        from: origins.get(sellerId) ?? null,
        sellerCurrency,
        sellerRate: sellerCurrency === currency || rate === undefined ? "1" : inverse(rate),
      };
      return { group, options, chosen };
    });

/** The lines of a basket, in its order: what was frozen of each SKU, what the quote made of it, and its share of the parcel. */
export const linesOf = (given: Ingredients, groups: readonly FrozenGroup[]): FrozenLine[] => {
  const { basket, skus, rates, quote, lineIdOf } = given;
  const shares = sharesOf(given, groups);
  return basket.lines.flatMap(({ skuId, pieces, note = null }) => {
    const sku = skus.find((one) => one.skuId === skuId);
    const quoted = quote.lines.find((one) => one.skuId === skuId);
    if (sku === undefined || quoted === undefined) return [];
    const { listingId, sellerId, title, price, weightGrams, sizeMm } = sku;
    return [
      {
        lineId: lineIdOf(skuId),
        skuId,
        listingId,
        sellerId,
        title,
        pieces,
        note,
        unitPrice: inBasketOf(price, basket.currency, rates),
        source: price,
        discount: quoted.discount,
        total: quoted.total,
        shipping: shares.get(skuId) ?? money(0, basket.currency),
        commission: money(0, basket.currency),
        weightGrams,
        sizeMm,
        isBackordered: false,
      },
    ];
  });
};

/** Each parcel is paid by its lines: by their weight, by what they cost where none weighs, by nothing where all is free. */
const sharesOf = (
  { basket, skus, quote }: Ingredients,
  groups: readonly FrozenGroup[],
): Map<string, Money> => {
  const shares = new Map<string, Money>();
  for (const { sellerId, shipping } of groups) {
    const own = skus.filter((sku) => sku.sellerId === sellerId);
    const piecesOf = (skuId: string) => basket.lines.find((line) => line.skuId === skuId)?.pieces ?? 0;
    const weights = own.map(({ skuId, weightGrams }) => weightGrams * piecesOf(skuId));
    const costs = own.map(({ skuId }) => quote.lines.find((line) => line.skuId === skuId)?.total.minor ?? 0);
    const parts = split(shipping, [weights, costs].find(hasSome) ?? own.map(() => 1));
    for (const [at, { skuId }] of own.entries()) shares.set(skuId, parts[at] ?? money(0, basket.currency));
  }
  return shares;
};

const hasSome = (weights: readonly number[]): boolean => weights.some((weight) => weight > 0);

/** Goods and parcels. */
export const totalOf = (lines: readonly FrozenLine[], currency: string): Money => {
  const total = lines.reduce((minor, line) => minor + line.total.minor + line.shipping.minor, 0);
  if (total > MINOR_MAX) throw refuse(ChargeRefusals.AMOUNT_UNPAYABLE, {});
  return money(total, currency);
};

/** What of the total the wallet pays. */
export const walletPartOf = ({ gateway, wallet, currency }: Basket, total: Money): Money =>
  gateway === "wallet" ? total : least(wallet ?? money(0, currency), total);

type Compared = {
  readonly basket: Basket;
  readonly lines: readonly FrozenLine[];
  readonly groups: readonly PricedGroup[];
  readonly total: Money;
};

/** Refuses prices that are not those the buyer saw, and tells both of each. A piece may be seen in either currency. */
export const beAsSeen = ({ basket, lines, groups, total }: Compared): void => {
  const unserved = groups.filter(({ chosen }) => chosen === undefined).map(({ group }) => group.sellerId);
  if (unserved.length > 0) throw refuse(CheckoutRefusals.SHIPPING_UNAVAILABLE, { sellerIds: unserved });
  const changed = basket.lines.flatMap(({ skuId, seen }) => {
    const line = lines.find((one) => one.skuId === skuId);
    if (line === undefined || equals(seen, line.source) || equals(seen, line.unitPrice)) return [];
    return [{ skuId, seen, now: seen.currency === line.unitPrice.currency ? line.unitPrice : line.source }];
  });
  const shipping = (basket.shipping ?? []).flatMap(({ sellerId, seen }) => {
    const now = groups.find(({ group }) => group.sellerId === sellerId)?.group.shipping;
    return now === undefined || equals(seen, now) ? [] : [{ sellerId, seen, now }];
  });
  const { seenTotal } = basket;
  const isOther = seenTotal !== undefined && !equals(seenTotal, total);
  if (changed.length === 0 && shipping.length === 0 && !isOther) return;
  throw refuse(CheckoutRefusals.PRICE_CHANGED, {
    lines: changed,
    ...(shipping.length > 0 && { shipping }),
    ...(isOther && { total: { seen: seenTotal, now: total } }),
  });
};
