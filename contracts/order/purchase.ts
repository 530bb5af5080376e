/** Words of orders: what was bought from one seller, where each of its lines and minor units is, what happened and what will. */
import { z } from "zod";
import { Address } from "../account/address-book.ts";
import { Sum } from "../account/ledger.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { Refused } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Pieces } from "../_kit/word.ts";
import { ShipmentView } from "./carriage.ts";
import { CheckoutLine, CheckoutState } from "./checkout.ts";
import { NextAction } from "./line.ts";

/** paid: the seller's turn; what follows is the furthest that any line that still counts has come. */
export const OrderState = z.enum([
  "paid",
  "confirmed",
  "shipped",
  "delivered",
  "fulfilled",
  "cancelled",
  "refunded",
]);
/** Where people look for an order; exactly one at a time. */
export const OrderTab = z.enum([
  "pending",
  "to_confirm",
  "in_transit",
  "completed",
  "cancelled",
  "in_dispute",
]);
export type OrderTab = z.infer<typeof OrderTab>;

/** Counting stops there: that many, or more. */
export const TAB_COUNT_MAX = 10_000;
export const TabCounts = z.object({ counts: z.record(OrderTab, z.int().min(0).max(TAB_COUNT_MAX)) });

export const OrderLine = z.object({
  ...CheckoutLine.shape,
  /** What went back to the buyer. */
  refunded: Price,
  /** What the seller said when turning it down. */
  decisionNote: z.string().nullable(),
  shipmentId: id("shp").nullable(),
  /** When the party whose turn it is has been silent for too long. */
  dueAt: Instant.nullable(),
  /** Until when money may be asked back; null before the goods are there. */
  claimUntil: Instant.nullable(),
  /** What happens of itself; at: null where only a person or the outside can move it. */
  next: z.object({ action: NextAction, at: Instant.nullable() }),
});
export type OrderLine = z.infer<typeof OrderLine>;

/** Where the money is that was paid for an order: all four together are what was paid. */
export const OrderMoney = z.object({
  escrow: Price,
  /** Spent on carriage. */
  carried: Price,
  /** Paid out to the seller, commission and the seller's part of carriage included, less what the seller gave back. */
  released: Price,
  returned: Price,
});

/** What an order brings its seller. */
export const Proceeds = z.object({
  /** What the platform keeps of it, taken and to come, in the order's currency. */
  commission: Price,
  /** What the platform adds for discounts that it pays, given and to come, in the order's currency. */
  subsidy: Price,
  /** What the seller pays of the carriage for discounts of the seller's own, taken and to come, in the order's currency. */
  carriage: Price,
  /** In the seller's own currency: what has come in, less what was given back. */
  received: Sum,
  /** What is still to come, if nothing more goes back. */
  expected: Price,
});

export const OrderView = z.object({
  orderId: id("ord"),
  checkoutId: id("chk"),
  buyerId: id("acc"),
  sellerId: id("acc"),
  state: OrderState,
  tab: OrderTab,
  goods: Price,
  shipping: Price,
  /** Goods and shipping. */
  total: Price,
  money: OrderMoney,
  /** Null for the buyer, who is not told. */
  proceeds: Proceeds.nullable(),
  address: Address,
  /** What the buyer was quoted. */
  carrier: z.string().nullable(),
  service: z.string().nullable(),
  lines: z.array(OrderLine),
  /** What carriers have taken, there and back. */
  shipments: z.array(ShipmentView),
  placedAt: Instant,
  changedAt: Instant,
});
export type OrderView = z.infer<typeof OrderView>;

export const CheckoutSummary = z.object({
  checkoutId: id("chk"),
  state: CheckoutState,
  /** Why it came to nothing, if it did. */
  refused: Refused.nullable(),
  /** Null until it is priced. */
  total: Price.nullable(),
  lines: z.array(z.object({ lineId: id("lin"), skuId: id("sku"), title: z.string(), pieces: Pieces })),
  windowEndsAt: Instant.nullable(),
  claimedAt: Instant,
  orderIds: z.array(id("ord")),
});
export type CheckoutSummary = z.infer<typeof CheckoutSummary>;

export const TimelineEntry = z.object({
  at: Instant,
  /** A stable name, e.g. `payment_settled`. */
  what: z.string(),
  /** One sentence for the buyer, the seller and support. */
  says: z.string(),
  /** Null: it is about the whole checkout. */
  orderId: id("ord").nullable(),
  /** What tells it from others of its kind; null for all but operators. */
  detail: z.string().nullable(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** What happens of itself to lines that wait, and when; at: null where only a person or the outside can move them. */
export const Waiting = z.object({
  lineIds: z.array(id("lin")),
  code: NextAction,
  says: z.string(),
  at: Instant.nullable(),
});
export type Waiting = z.infer<typeof Waiting>;
