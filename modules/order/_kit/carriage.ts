/** How a basket goes to its buyer: one parcel a seller, the ways it may go, and what each line bears of it. */
import type { Address } from "@shopnexus/contracts/account/address-book";
import type { SkuSnapshot } from "@shopnexus/contracts/catalog/listing";
import type { In } from "@shopnexus/contracts/kit/contract";
import { type Money, money, split, subtract } from "@shopnexus/contracts/kit/money";
import type { Basket, FrozenGroup, ShippingOption } from "@shopnexus/contracts/order/basket";
import type { Shipment } from "@shopnexus/contracts/order/shipment";
import type { Quote, QuoteView } from "@shopnexus/contracts/promotion/quote";
import { packedOf } from "../shipment/rules.ts";
import { inBasketOf, inverse, type Rates } from "./rates.ts";

/** What is wanted, by who buys and by who looks. */
export type Wanted = Pick<Basket, "addressId" | "currency" | "codes" | "wallet"> & {
  readonly lines: ReadonlyArray<Pick<Basket["lines"][number], "skuId" | "pieces" | "note" | "ticketId">>;
  readonly shipping?:
    | ReadonlyArray<{ readonly sellerId: string; readonly carrier: string; readonly service: string }>
    | undefined;
};

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

/** One seller's part of a basket: the ways its parcel may go, cheapest first, and the one that it goes. */
export type PricedGroup = {
  readonly group: FrozenGroup;
  readonly options: readonly ShippingOption[];
  /** The option that was asked for; undefined when nobody serves the address, or not in that way. */
  readonly chosen: ShippingOption | undefined;
};

type Sent = Omit<Ingredients, "quote" | "lineIdOf">;

export const groupsOf = ({ basket, skus, rates, offers, origins }: Sent): PricedGroup[] =>
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

/** What the price engine has to know of the parcels. */
export const quoteParcels = (groups: readonly PricedGroup[]): In<typeof Quote, "price">["parcels"] =>
  groups.map(({ group: { sellerId, shipping } }) => ({ sellerId, price: shipping }));

/** The same groups at what the promotions left of their parcels; `chosen` still has the carrier's own price. */
export const discounted = (groups: readonly PricedGroup[], { parcels }: QuoteView): PricedGroup[] =>
  groups.map(({ group, ...rest }) => {
    const quoted = parcels.find(({ sellerId }) => sellerId === group.sellerId);
    return { ...rest, group: { ...group, shipping: quoted?.total ?? group.shipping } };
  });

/** A line's part of its parcel: what the buyer pays of it, and what the platform and the seller pay instead. */
type Share = {
  readonly shipping: Money;
  readonly platformCarriage: Money;
  readonly sellerCarriage: Money;
};

/** Each parcel is paid by its lines: by their weight, by what they cost where none weighs, by nothing where all is free. */
export const sharesOf = (
  { basket, skus, quote }: Ingredients,
  groups: readonly FrozenGroup[],
): Map<string, Share> => {
  const none = money(0, basket.currency);
  const shares = new Map<string, Share>();
  for (const { sellerId, shipping } of groups) {
    const own = skus.filter((sku) => sku.sellerId === sellerId);
    const { discount = none, platformPart = none } =
      quote.parcels.find((parcel) => parcel.sellerId === sellerId) ?? {};
    const piecesOf = (skuId: string) => basket.lines.find((line) => line.skuId === skuId)?.pieces ?? 0;
    const weights = own.map(({ skuId, weightGrams }) => weightGrams * piecesOf(skuId));
    const costs = own.map(({ skuId }) => quote.lines.find((line) => line.skuId === skuId)?.total.minor ?? 0);
    const by = [weights, costs].find(hasSome) ?? own.map(() => 1);
    const [paid, ours, theirs] = [shipping, platformPart, subtract(discount, platformPart)].map((amount) =>
      split(amount, by),
    );
    for (const [at, { skuId }] of own.entries())
      shares.set(skuId, {
        shipping: paid?.[at] ?? none,
        platformCarriage: ours?.[at] ?? none,
        sellerCarriage: theirs?.[at] ?? none,
      });
  }
  return shares;
};

const hasSome = (weights: readonly number[]): boolean => weights.some((weight) => weight > 0);
