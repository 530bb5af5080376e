/** What a basket comes to: values in, frozen lines and parcels out. The same for who looks and for who buys. */
import type { SkuSnapshot } from "@shopnexus/contracts/catalog/listing";
import type { In } from "@shopnexus/contracts/kit/contract";
import { equals, least, MINOR_MAX, type Money, money } from "@shopnexus/contracts/kit/money";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Basket, FrozenGroup, FrozenLine } from "@shopnexus/contracts/order/basket";
import { ChargeRefusals } from "@shopnexus/contracts/order/charge";
import { CheckoutRefusals } from "@shopnexus/contracts/order/checkout";
import { type Quote, QuoteRefusals } from "@shopnexus/contracts/promotion/quote";
import { type Ingredients, type PricedGroup, sharesOf, type Wanted } from "./carriage.ts";
import { inBasketOf, type Rates } from "./rates.ts";

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
  skus.map(({ skuId, sellerId, listingId, category, price }) => {
    const pieces = basket.lines.find((line) => line.skuId === skuId)?.pieces ?? 0;
    const unitPrice = inBasketOf(price, basket.currency, rates);
    return { skuId, sellerId, listingId, category, unitPrice, pieces };
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
        platformDiscount: quoted.platformPart,
        cashback: quoted.cashback,
        total: quoted.total,
        ...(shares.get(skuId) ?? { shipping: money(0, basket.currency) }),
        commission: money(0, basket.currency),
        weightGrams,
        sizeMm,
        isBackordered: false,
      },
    ];
  });
};

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
    const now = groups.find(({ group }) => group.sellerId === sellerId)?.chosen?.price;
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
