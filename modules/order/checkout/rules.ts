/** Decisions of a checkout, of values alone. */
import type { In, Out } from "@shopnexus/contracts/kit/contract";
import { equals, type Money } from "@shopnexus/contracts/kit/money";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { MINUTE_MS, SECOND_MS } from "@shopnexus/contracts/kit/time";
import type { Wallet } from "@shopnexus/contracts/account/wallet";
import type { SkuSnapshot } from "@shopnexus/contracts/catalog/listing";
import type { ChargeOrder } from "@shopnexus/contracts/order/payment";
import { type Basket, type CheckoutLine, CheckoutRefusals } from "@shopnexus/contracts/order/checkout";
import type { Attempt } from "@shopnexus/contracts/order/attempt";
import type { Quote, QuoteView } from "@shopnexus/contracts/promotion/quote";
import type { Feed } from "@shopnexus/contracts/common/feed";

/** The durable promises by which the other handlers speak to the run, and it to them. */
export const SIGNALS = {
  opened: "opened",
  paid: "paid",
  cancelled: "cancelled",
  finished: "finished",
} as const;

type Entry = In<typeof Wallet, "post">;
type Placed = Out<typeof Attempt, "place">["orders"];

/** Refuses a basket that nobody may buy, and one whose prices are not those the buyer saw; tells both of each. */
export const beAsSeen = (basket: Basket, skus: readonly SkuSnapshot[], accountId: string): void => {
  if (new Set(basket.lines.map(({ skuId }) => skuId)).size < basket.lines.length) {
    throw refuse(CheckoutRefusals.LINE_TWICE, {});
  }
  if (skus.some(({ sellerId }) => sellerId === accountId)) throw refuse(CheckoutRefusals.OWN_LISTING, {});
  const prices = new Map(skus.map(({ skuId, price }) => [skuId, price]));
  const lines = basket.lines.flatMap(({ skuId, seen }) => {
    const now = prices.get(skuId);
    return now === undefined || equals(now, seen) ? [] : [{ skuId, seen, now }];
  });
  if (lines.length > 0) throw refuse(CheckoutRefusals.PRICE_CHANGED, { lines });
};

/** What the price engine has to know of a basket. */
export const quoteLines = (
  basket: Basket,
  skus: readonly SkuSnapshot[],
): In<typeof Quote, "price">["lines"] =>
  skus.map(({ skuId, sellerId, price }) => {
    const pieces = basket.lines.find((line) => line.skuId === skuId)?.pieces ?? 0;
    return { skuId, sellerId, unitPrice: price, pieces };
  });

/** What the feed is told of the orders of one checkout. */
export const placedEvents = (
  checkoutId: string,
  buyerId: string,
  orders: Placed,
): In<typeof Feed, "append">["events"] =>
  orders.map(({ orderId, sellerId, total }) => ({
    eventKey: `${orderId}/placed`,
    kind: "order.placed",
    subject: orderId,
    data: { checkoutId, buyerId, sellerId, total },
  }));

/** The lines of a checkout: what was frozen of each SKU, with what the quote made of it. */
export const checkoutLines = (
  { basket, skus, quote }: { basket: Basket; skus: readonly SkuSnapshot[]; quote: QuoteView },
  lineIdOf: (skuId: string) => string,
): CheckoutLine[] =>
  basket.lines.flatMap(({ skuId, pieces }) => {
    const sku = skus.find((one) => one.skuId === skuId);
    const quoted = quote.lines.find((one) => one.skuId === skuId);
    if (sku === undefined || quoted === undefined) return [];
    const { listingId, sellerId, title, price } = sku;
    const { discount, total } = quoted;
    return [
      {
        lineId: lineIdOf(skuId),
        skuId,
        listingId,
        sellerId,
        title,
        pieces,
        unitPrice: price,
        discount,
        total,
      },
    ];
  });

/** When a buyer is silent the gateway is asked: soon, because most pay at once, then ever more rarely. */
const LOOKS_AFTER_MS = [20 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS];

/** How long to wait before each look at the gateway; together they are the payment window. */
export const waits = (windowMs: number): number[] => {
  const instants = [...LOOKS_AFTER_MS.filter((ms) => ms < windowMs), windowMs];
  return instants.map((ms, at) => ms - (instants[at - 1] ?? 0));
};

/** The captured money goes into escrow, order by order. Nothing is posted for what cost nothing. */
export const captureEntry = (
  { chargeId, checkoutId, gateway, amount }: ChargeOrder,
  orders: Placed,
): Entry | undefined => {
  const { minor, currency } = amount;
  if (minor === 0) return undefined;
  const escrow = orders
    .filter(({ total }) => total.minor > 0)
    .map(({ orderId, total }) => ({ account: `escrow:${orderId}`, minor: total.minor, currency }));
  const lines = [{ account: `gateway:${gateway}`, minor: -minor, currency }, ...escrow];
  return { entryKey: `${chargeId}/capture`, kind: "capture", reference: checkoutId, lines };
};

/** Money that came in for nothing and went back: both facts are entries, over an account of its own. */
export const returnEntries = (
  { chargeId, checkoutId, gateway }: ChargeOrder,
  returned: Money | null,
): Entry[] => {
  if (returned === null) return [];
  const { minor, currency } = returned;
  const outside = { account: `gateway:${gateway}`, currency };
  const stray = { account: "platform:suspense", currency };
  return [
    {
      entryKey: `${chargeId}/stray`,
      kind: "capture",
      reference: checkoutId,
      lines: [
        { ...outside, minor: -minor },
        { ...stray, minor },
      ],
    },
    {
      entryKey: `${chargeId}/return`,
      kind: "refund",
      reference: checkoutId,
      lines: [
        { ...outside, minor },
        { ...stray, minor: -minor },
      ],
    },
  ];
};
