/** Reads everything that a basket's price depends on, once: whoever looks and whoever buys get the same. */
import { RestatePromise } from "@restatedev/restate-sdk";
import { type Address, AddressBook } from "@shopnexus/contracts/account/address-book";
import { Listing, type SkuSnapshot } from "@shopnexus/contracts/catalog/listing";
import { Exchange } from "@shopnexus/contracts/common/exchange";
import { Ticket } from "@shopnexus/contracts/inventory/ticket";
import { add, type Money } from "@shopnexus/contracts/kit/money";
import type { FrozenLine } from "@shopnexus/contracts/order/basket";
import { Commission } from "@shopnexus/contracts/order/commission";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import { Quote, type QuoteView } from "@shopnexus/contracts/promotion/quote";
import { call, type CallContext } from "#modules/_kit/call.ts";
import { beBuyable, beDistinct, linesOf, quoteLines, totalOf } from "./basket.ts";
import {
  discounted,
  groupsOf,
  type Offer,
  parcelsOf,
  type PricedGroup,
  quoteParcels,
  type Wanted,
} from "./carriage.ts";
import type { Rates } from "./rates.ts";

export type Shopper = {
  readonly accountId: string;
  /** Decides which promotions run. */
  readonly at: string;
  readonly basket: Wanted;
  readonly lineIdOf: (skuId: string) => string;
};

export type Frozen = {
  readonly address: Address;
  readonly lines: readonly FrozenLine[];
  readonly groups: readonly PricedGroup[];
  readonly applied: ReadonlyArray<QuoteView["applied"][number]>;
  readonly lost: ReadonlyArray<QuoteView["lost"][number]>;
  /** Goods and parcels, in the basket's currency. */
  readonly total: Money;
  readonly rates: Rates;
};

export const freeze = async (ctx: CallContext, shopper: Shopper): Promise<Frozen> => {
  const { accountId, at, basket, lineIdOf } = shopper;
  const { currency, codes } = basket;
  beDistinct(basket);
  const [listed, address] = await RestatePromise.all([
    call(ctx, Listing).snapshot({ skuIds: basket.lines.map(({ skuId }) => skuId) }),
    call(ctx, AddressBook).pick({ accountId, addressId: basket.addressId }),
  ]);
  const skus = await atDropPrices(ctx, shopper, listed.skus);
  beBuyable(basket, skus, accountId);
  const { origins, rates } = await placesAndRates(ctx, currency, skus);
  const parcels = parcelsOf(basket, skus, { origins, to: address });
  const { groups: offers } = await call(ctx, Shipment).offer({ currency, groups: parcels });
  await addRates(ctx, rates, { currency, offers });
  const sent = groupsOf({ basket, skus, offers, origins, rates });
  const priced = { lines: quoteLines(basket, skus, rates), parcels: quoteParcels(sent) };
  const quote = await call(ctx, Quote).price({ currency, at, accountId, codes, ...priced });
  const groups = discounted(sent, quote);
  const given = { basket, skus, quote, offers, origins, lineIdOf, rates };
  const frozen = groups.map(({ group }) => group);
  const lines = await withCommission(ctx, skus, linesOf(given, frozen));
  const { applied, lost } = quote;
  return { address, lines, groups, applied, lost, total: totalOf(lines, currency), rates };
};

/** Who has a ticket pays the drop's price. */
const atDropPrices = async (
  ctx: CallContext,
  { accountId, basket }: Shopper,
  skus: readonly SkuSnapshot[],
): Promise<readonly SkuSnapshot[]> => {
  const lines = basket.lines.flatMap(({ ticketId, skuId, pieces }) =>
    ticketId === undefined ? [] : [{ ticketId, skuId, pieces }],
  );
  if (lines.length === 0) return skus;
  const { prices } = await call(ctx, Ticket).terms({ accountId, lines });
  const priceOf = new Map(prices.map(({ skuId, price }) => [skuId, price]));
  return skus.map((sku) => ({ ...sku, price: priceOf.get(sku.skuId) ?? sku.price }));
};

/** Where parcels leave from, and what the sellers' currencies are worth in the basket's. */
const placesAndRates = async (ctx: CallContext, base: string, skus: readonly SkuSnapshot[]) => {
  const accountIds = [...new Set(skus.map(({ sellerId }) => sellerId))];
  const currencies = [...new Set(skus.map(({ price }) => price.currency))].filter((one) => one !== base);
  const [{ origins }, rates] = await RestatePromise.all([
    call(ctx, AddressBook).origins({ accountIds }),
    ...(currencies.length > 0 ? [call(ctx, Exchange).freeze({ base, currencies })] : []),
  ] as const);
  return {
    origins: new Map(origins.map(({ accountId, address }) => [accountId, address])),
    rates: new Map(rates?.rates.map(({ currency, rate }) => [currency, rate])),
  };
};

/** Carriers may name their prices in currencies of their own. */
const addRates = async (
  ctx: CallContext,
  rates: Map<string, string>,
  { currency: base, offers }: { readonly currency: string; readonly offers: readonly Offer[] },
): Promise<void> => {
  const named = offers.flatMap(({ options }) => options.map(({ price }) => price.currency));
  const currencies = [...new Set(named)].filter((one) => one !== base && !rates.has(one));
  if (currencies.length === 0) return;
  const more = await call(ctx, Exchange).freeze({ base, currencies });
  for (const { currency, rate } of more.rates) rates.set(currency, rate);
};

const withCommission = async (
  ctx: CallContext,
  skus: readonly SkuSnapshot[],
  lines: readonly FrozenLine[],
): Promise<FrozenLine[]> => {
  const { lines: rated } = await call(ctx, Commission).rate({
    lines: lines.map(({ lineId, skuId, sellerId, total, platformDiscount }) => ({
      lineId,
      sellerId,
      // What the platform gives the buyer is no affair of the seller, who is paid for it and pays the commission on it.
      total: platformDiscount === undefined ? total : add(total, platformDiscount),
      categorySlug: skus.find((sku) => sku.skuId === skuId)?.category ?? "",
    })),
  });
  return lines.map((line, at) => ({ ...line, commission: rated[at]?.commission ?? line.commission }));
};
