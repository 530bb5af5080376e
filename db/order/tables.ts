/** What the order module keeps: carts, checkouts and their lines, charges and what gateways said, orders, the timeline. */
import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Address } from "@shopnexus/contracts/account/address-book";
import type { Refused } from "@shopnexus/contracts/kit/refusal";
import { ChargeState } from "@shopnexus/contracts/order/charge";
import { CheckoutState } from "@shopnexus/contracts/order/checkout";
import { OrderState } from "@shopnexus/contracts/order/order";
import type { z } from "zod";
import { at, createdAt, currency, id, minor } from "../_kit/columns.ts";

export const schema = pgSchema("order");

/** One row an account that ever had a cart: writers of one cart queue here. */
export const cart = schema.table("cart", {
  accountId: id("acc", "account_id").primaryKey(),
  touchedAt: at("touched_at").notNull(),
});

export const cartLine = schema.table(
  "cart_line",
  {
    accountId: id("acc", "account_id").notNull(),
    skuId: id("sku", "sku_id").notNull(),
    pieces: integer("pieces").notNull(),
    addedAt: createdAt("added_at"),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.skuId] }),
    check("cart_line_has_pieces", sql`${t.pieces} between 1 and 9999`),
  ],
);

/** Carts that a checkout was taken out of: once. */
export const cartClear = schema.table("cart_clear", {
  checkoutId: id("chk", "checkout_id").primaryKey(),
  clearedAt: createdAt("cleared_at"),
});

type CheckoutState = z.infer<typeof CheckoutState>;
type ChargeState = z.infer<typeof ChargeState>;
type OrderState = z.infer<typeof OrderState>;

/** A state is text that its contract page lists. */
const oneOf = (column: AnyPgColumn, states: readonly string[]) =>
  sql`${column} in (${sql.raw(states.map((state) => `'${state}'`).join(", "))})`;

export const checkout = schema.table(
  "checkout",
  {
    checkoutId: id("chk", "checkout_id").primaryKey(),
    accountId: id("acc", "account_id").notNull(),
    attemptId: text("attempt_id").notNull(),
    basketHash: text("basket_hash").notNull(),
    state: text("state").$type<CheckoutState>().notNull().default("claimed"),
    refused: jsonb("refused").$type<Refused>(),
    totalMinor: minor("total_minor"),
    currency: currency("currency"),
    address: jsonb("address").$type<Address>(),
    windowEndsAt: at("window_ends_at"),
    claimedAt: createdAt("claimed_at"),
    endedAt: at("ended_at"),
  },
  (t) => [
    // Outlives Restate's memory of the attempt.
    unique("one_checkout_an_attempt").on(t.accountId, t.attemptId),
    check("checkout_state_known", oneOf(t.state, CheckoutState.options)),
    check("total_not_negative", sql`${t.totalMinor} >= 0`),
    check(
      "opened_has_total",
      sql`${t.state} in ('claimed', 'refused', 'abandoned') or (${t.totalMinor} is not null and ${t.address} is not null)`,
    ),
  ],
);

export const checkoutLine = schema.table(
  "checkout_line",
  {
    lineId: id("lin", "line_id").primaryKey(),
    checkoutId: id("chk", "checkout_id")
      .notNull()
      .references(() => checkout.checkoutId),
    position: integer("position").notNull(),
    skuId: id("sku", "sku_id").notNull(),
    listingId: id("lst", "listing_id").notNull(),
    sellerId: id("acc", "seller_id").notNull(),
    title: text("title").notNull(),
    pieces: integer("pieces").notNull(),
    unitMinor: minor("unit_minor").notNull(),
    discountMinor: minor("discount_minor").notNull(),
    totalMinor: minor("total_minor").notNull(),
  },
  (t) => [
    unique("one_line_a_sku").on(t.checkoutId, t.skuId),
    check("line_adds_up", sql`${t.totalMinor} = ${t.unitMinor} * ${t.pieces} - ${t.discountMinor}`),
    check(
      "line_not_negative",
      sql`${t.unitMinor} >= 0 and ${t.discountMinor} >= 0 and ${t.totalMinor} >= 0 and ${t.pieces} > 0`,
    ),
  ],
);

export const charge = schema.table(
  "charge",
  {
    chargeId: id("chg", "charge_id").primaryKey(),
    checkoutId: id("chk", "checkout_id").notNull(),
    gateway: text("gateway").notNull(),
    amountMinor: minor("amount_minor").notNull(),
    currency: currency("currency").notNull(),
    state: text("state").$type<ChargeState>().notNull(),
    gatewayRef: text("gateway_ref"),
    clientSecret: text("client_secret"),
    /** What the gateway says it was paid: its own words, compared when settled. */
    paidMinor: minor("paid_minor"),
    paidCurrency: currency("paid_currency"),
    paidRef: text("paid_ref"),
    returnedMinor: minor("returned_minor"),
    createdAt: createdAt("created_at"),
    changedAt: createdAt("changed_at"),
  },
  (t) => [
    index("charge_of_checkout").on(t.checkoutId),
    uniqueIndex("one_charge_a_reference").on(t.gateway, t.gatewayRef),
    check("charge_state_known", oneOf(t.state, ChargeState.options)),
    check(
      "settled_as_asked",
      sql`${t.state} <> 'settled' or (${t.paidMinor} = ${t.amountMinor} and ${t.paidCurrency} = ${t.currency})`,
    ),
    check("returned_at_most_paid", sql`${t.returnedMinor} is null or ${t.returnedMinor} <= ${t.paidMinor}`),
  ],
);

/** Raw events as they came, before anything was made of them. */
export const gatewayEvent = schema.table(
  "gateway_event",
  {
    gateway: text("gateway").notNull(),
    eventId: text("event_id").notNull(),
    kind: text("kind").notNull(),
    chargeId: id("chg", "charge_id"),
    payload: text("payload").notNull(),
    receivedAt: createdAt("received_at"),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.eventId] })],
);

export const order = schema.table(
  "order",
  {
    orderId: id("ord", "order_id").primaryKey(),
    checkoutId: id("chk", "checkout_id")
      .notNull()
      .references(() => checkout.checkoutId),
    buyerId: id("acc", "buyer_id").notNull(),
    sellerId: id("acc", "seller_id").notNull(),
    state: text("state").$type<OrderState>().notNull(),
    totalMinor: minor("total_minor").notNull(),
    currency: currency("currency").notNull(),
    placedAt: createdAt("placed_at"),
  },
  (t) => [
    unique("one_order_a_seller").on(t.checkoutId, t.sellerId),
    index("orders_of_buyer").on(t.buyerId, t.placedAt, t.orderId),
    index("orders_of_seller").on(t.sellerId, t.placedAt, t.orderId),
    check("order_state_known", oneOf(t.state, OrderState.options)),
    check("order_not_negative", sql`${t.totalMinor} >= 0`),
    check("buyer_is_not_seller", sql`${t.buyerId} <> ${t.sellerId}`),
  ],
);

/** What people can read of a checkout and its orders. `what` happens once a checkout, `detail` tells repeats apart. */
export const timeline = schema.table(
  "timeline",
  {
    entry: bigint("entry", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    checkoutId: id("chk", "checkout_id").notNull(),
    what: text("what").notNull(),
    detail: text("detail").notNull().default(""),
    says: text("says").notNull(),
    at: createdAt("at"),
  },
  (t) => [unique("told_once").on(t.checkoutId, t.what, t.detail)],
);
