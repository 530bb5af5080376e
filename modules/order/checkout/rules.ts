/** Decisions of a checkout, of values alone. */
import type { In } from "@shopnexus/contracts/kit/contract";
import type { Money } from "@shopnexus/contracts/kit/money";
import type { Wallet } from "@shopnexus/contracts/account/wallet";
import type { PlacedOrder } from "@shopnexus/contracts/order/attempt";
import type { Basket, FrozenLine } from "@shopnexus/contracts/order/basket";
import type { ChargeOrder, ChargeState } from "@shopnexus/contracts/order/payment";
import type { Feed } from "@shopnexus/contracts/common/feed";
import type { LetterOf } from "@shopnexus/contracts/common/letter";
import type { Stock } from "@shopnexus/contracts/inventory/stock";
import type { Promotion } from "@shopnexus/contracts/promotion/promotion";
import type { QuoteView } from "@shopnexus/contracts/promotion/quote";
import type { z } from "zod";

/** The durable promises by which the other handlers speak to the run, and it to them. */
export const SIGNALS = {
  opened: "opened",
  cancelled: "cancelled",
  finished: "finished",
} as const;
/** What is about one attempt to pay says which: the news of an older one wakes nobody. */
export const paidSignal = (chargeId: string): string => `paid/${chargeId}`;
export const declinedSignal = (chargeId: string): string => `declined/${chargeId}`;
export const retrySignal = (attempt: number): string => `retry/${attempt}`;
export const attemptSignal = (attempt: number): string => `attempt/${attempt}`;

type Entry = In<typeof Wallet, "post">;

/** Has money come in, or been promised by the gateway? */
export const isPaid = (state: z.infer<typeof ChargeState>): boolean =>
  state === "authorized" || state === "paid" || state === "settled";

/** What is set aside from the shelf for a basket; a buyer who takes parts names the lines that would wait. */
export const holdLines = (
  lines: readonly FrozenLine[],
  basket: Pick<Basket, "lines" | "stock">,
  orderIdOf: (sellerId: string) => string,
): In<typeof Stock, "reserve">["lines"] =>
  lines
    .filter((line) => !isByTicket(basket, line.skuId))
    .map(({ skuId, pieces, lineId, sellerId }) => ({
      skuId,
      pieces,
      ...(basket.stock === "partial" && { backorder: { orderId: orderIdOf(sellerId), lineId } }),
    }));

const isByTicket = ({ lines }: Pick<Basket, "lines">, skuId: string): boolean =>
  lines.some((line) => line.skuId === skuId && line.ticketId !== undefined);

/** What the feed is told of the orders of one checkout. */
/** What is to be held of each promotion that applied, the spent ones too: they refuse. */
export const holdShares = (
  applied: ReadonlyArray<QuoteView["applied"][number]>,
): In<typeof Promotion, "hold">["shares"] =>
  applied.map(({ promotionId, amount, coupon }) => ({
    promotionId,
    amount,
    ...(coupon !== undefined && { coupon }),
  }));

export const placedEvents = (
  checkoutId: string,
  buyerId: string,
  orders: readonly PlacedOrder[],
): In<typeof Feed, "append">["events"] =>
  orders.map(({ orderId, sellerId, total }) => ({
    eventKey: `${orderId}/placed`,
    kind: "order.placed",
    subject: orderId,
    data: { checkoutId, buyerId, sellerId, total },
  }));

/** The letters of one order: to its buyer and to its seller. */
export const letters = (
  buyerId: string,
  { orderId, sellerId, total, items, confirmUntil }: PlacedOrder,
): [LetterOf<"order_placed">, LetterOf<"sale_received">] => {
  const said = { orderId, total, items: items.map(({ title, pieces }) => ({ title, pieces })) };
  return [
    {
      messageKey: `${orderId}/order_placed`,
      to: { accountId: buyerId },
      template: "order_placed",
      data: said,
    },
    {
      messageKey: `${orderId}/sale_received`,
      to: { accountId: sellerId },
      template: "sale_received",
      data: { ...said, confirmUntil },
    },
  ];
};

/** When a buyer is silent the gateway is asked: soon, because most pay at once, then ever more rarely. In polls. */
const LOOKS_AFTER = [1, 3, 15];

/** How long to wait before each look at the gateway; together they are the payment window. */
export const waits = (windowMs: number, pollMs: number): number[] => {
  const instants = [...LOOKS_AFTER.map((polls) => polls * pollMs).filter((ms) => ms < windowMs), windowMs];
  return instants.map((ms, at) => ms - (instants[at - 1] ?? 0));
};

export type Sale = {
  readonly charge: ChargeOrder;
  readonly accountId: string;
  /** What the buyer's wallet pays. */
  readonly wallet: Money;
  readonly orders: readonly PlacedOrder[];
};

/** What came in goes into escrow, order by order. Nothing is posted for what cost nothing. */
export const captureEntry = ({ charge, accountId, wallet, orders }: Sale): Entry | undefined => {
  const { chargeId, checkoutId, gateway, amount } = charge;
  const { currency } = amount;
  const lines = [
    { account: `gateway:${gateway}`, minor: -amount.minor, currency },
    { account: `held:${accountId}`, minor: -wallet.minor, currency },
    ...orders.map(({ orderId, total }) => ({ account: `escrow:${orderId}`, minor: total.minor, currency })),
  ].filter(({ minor }) => minor !== 0);
  if (lines.length === 0) return undefined;
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
