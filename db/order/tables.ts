/** What the order module keeps of sales: checkouts, their lines, and orders. */
import { sql } from "drizzle-orm";
import { boolean, check, index, integer, jsonb, pgSchema, text, unique } from "drizzle-orm/pg-core";
import type { Address } from "@shopnexus/contracts/account/address-book";
import type { Refused } from "@shopnexus/contracts/kit/refusal";
import type { FrozenGroup } from "@shopnexus/contracts/order/basket";
import { CheckoutState } from "@shopnexus/contracts/order/checkout";
import { LineReason, LineState } from "@shopnexus/contracts/order/line";
import { OrderState, OrderTab } from "@shopnexus/contracts/order/purchase";
import type { z } from "zod";
import { at, createdAt, currency, id, minor, oneOf } from "../_kit/columns.ts";
import { purse, purseIsSound } from "./purse.ts";

export const schema = pgSchema("order");

type CheckoutState = z.infer<typeof CheckoutState>;
type OrderState = z.infer<typeof OrderState>;

/** As it was frozen; its money is in the currency of its checkout. */
export type CheckoutGroup = Omit<FrozenGroup, "shipping"> & { readonly shippingMinor: number };

export const checkout = schema.table(
  "checkout",
  {
    checkoutId: id("chk", "checkout_id").primaryKey(),
    accountId: id("acc", "account_id").notNull(),
    attemptId: text("attempt_id").notNull(),
    basketHash: text("basket_hash").notNull(),
    state: text("state").$type<CheckoutState>().notNull().default("claimed"),
    refused: jsonb("refused").$type<Refused>(),
    /** Goods and shipping. */
    totalMinor: minor("total_minor"),
    /** What of it is taken from the buyer's wallet. */
    walletMinor: minor("wallet_minor").notNull().default(0),
    currency: currency("currency"),
    address: jsonb("address").$type<Address>(),
    /** One a seller: how their parcel goes, and in which currency they are paid. Frozen. */
    groups: jsonb("groups").$type<readonly CheckoutGroup[]>(),
    windowEndsAt: at("window_ends_at"),
    claimedAt: createdAt("claimed_at"),
    endedAt: at("ended_at"),
  },
  (t) => [
    // Outlives Restate's memory of the attempt.
    unique("one_checkout_an_attempt").on(t.accountId, t.attemptId),
    index("checkouts_of_account").on(t.accountId, t.claimedAt, t.checkoutId),
    check("checkout_state_known", oneOf(t.state, CheckoutState.options)),
    check("total_not_negative", sql`${t.totalMinor} >= 0`),
    check(
      "wallet_part_at_most_total",
      sql`${t.walletMinor} >= 0 and ${t.walletMinor} <= coalesce(${t.totalMinor}, 0)`,
    ),
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
    /** What of the discount the platform pays; the rest is the seller's. */
    platformDiscountMinor: minor("platform_discount_minor").notNull().default(0),
    totalMinor: minor("total_minor").notNull(),
    /** What of it comes back to the buyer's wallet once the seller is paid. */
    cashbackMinor: minor("cashback_minor").notNull().default(0),
    /** What of the line's carriage the buyer does not pay, by who pays it instead. */
    platformCarriageMinor: minor("platform_carriage_minor").notNull().default(0),
    sellerCarriageMinor: minor("seller_carriage_minor").notNull().default(0),
    /** What the seller asks for one piece, in the seller's own currency. */
    sourceMinor: minor("source_minor").notNull().default(0),
    sourceCurrency: currency("source_currency"),
    note: text("note"),
    weightGrams: integer("weight_grams").notNull().default(0),
    sizeMm: jsonb("size_mm").$type<{ length: number; width: number; height: number }>(),
    /** The buyer waits for stock. */
    isBackordered: boolean("is_backordered").notNull().default(false),
    orderId: id("ord", "order_id"),
    shipmentId: id("shp", "shipment_id"),
    state: text("state").$type<LineState>().notNull().default("awaiting_payment"),
    reason: text("reason").$type<LineReason>(),
    /** Where a line goes back to when a claim comes to nothing, or takes part of it only. */
    resumeState: text("resume_state").$type<LineState>(),
    stateAt: createdAt("state_at"),
    /** The order's version that the last change of state was made on: what a repeat of that change says again. */
    stateVersion: integer("state_version").notNull().default(0),
    /** What the seller said to the buyer when turning it down. */
    decisionNote: text("decision_note"),
    /** When the party whose turn it is has been silent for too long. */
    dueAt: at("due_at"),
    /** When the buyer's right to ask for money back ends. */
    claimUntil: at("claim_until"),
    /** Pieces whose sale was taken back. */
    piecesBack: integer("pieces_back").notNull().default(0),
    ...purse,
  },
  (t) => [
    index("lines_of_order").on(t.orderId, t.position),
    index("line_of_shipment").on(t.shipmentId),
    // A seller's inbox: it grows and shrinks with what is to be confirmed, not with what was ever sold.
    index("lines_to_confirm").on(t.sellerId, t.dueAt, t.orderId).where(sql`${t.state} = 'paid'`),
    check("line_state_known", oneOf(t.state, LineState.options)),
    check("line_reason_known", oneOf(t.reason, LineReason.options)),
    check("line_pieces_back_at_most_all", sql`${t.piecesBack} between 0 and ${t.pieces}`),
    ...purseIsSound(t),
    unique("one_line_a_sku").on(t.checkoutId, t.skuId),
    check(
      "line_platform_pays_at_most_the_discount",
      sql`${t.platformDiscountMinor} between 0 and ${t.discountMinor}`,
    ),
    check("line_cashback_at_most_total", sql`${t.cashbackMinor} between 0 and ${t.totalMinor}`),
    check(
      "line_carriage_not_negative",
      sql`${t.platformCarriageMinor} >= 0 and ${t.sellerCarriageMinor} >= 0`,
    ),
    check("line_adds_up", sql`${t.totalMinor} = ${t.unitMinor} * ${t.pieces} - ${t.discountMinor}`),
    check(
      "line_not_negative",
      sql`${t.unitMinor} >= 0 and ${t.discountMinor} >= 0 and ${t.totalMinor} >= 0 and ${t.pieces} > 0`,
    ),
  ],
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
    /** Goods and shipping. */
    totalMinor: minor("total_minor").notNull(),
    shippingMinor: minor("shipping_minor").notNull().default(0),
    currency: currency("currency").notNull(),
    carrier: text("carrier"),
    service: text("service"),
    from: jsonb("from_address").$type<Address>(),
    sellerCurrency: currency("seller_currency").notNull(),
    sellerRate: text("seller_rate").notNull().default("1"),
    /** Goes up with every change of a line: news of version n is said once. */
    version: integer("version").notNull().default(0),
    /** Chargebacks that the bank has not decided. */
    openChargebacks: integer("open_chargebacks").notNull().default(0),
    tab: text("tab").$type<OrderTab>().notNull().default("to_confirm"),
    placedAt: createdAt("placed_at"),
    changedAt: createdAt("changed_at"),
  },
  (t) => [
    unique("one_order_a_seller").on(t.checkoutId, t.sellerId),
    index("orders_of_buyer_by_tab").on(t.buyerId, t.tab, t.placedAt, t.orderId),
    index("orders_of_seller_by_tab").on(t.sellerId, t.tab, t.placedAt, t.orderId),
    check("order_tab_known", oneOf(t.tab, OrderTab.options)),
    check("order_open_chargebacks_not_negative", sql`${t.openChargebacks} >= 0`),
    index("orders_of_buyer").on(t.buyerId, t.placedAt, t.orderId),
    index("orders_of_seller").on(t.sellerId, t.placedAt, t.orderId),
    check("order_state_known", oneOf(t.state, OrderState.options)),
    check("order_not_negative", sql`${t.totalMinor} >= 0`),
    check("buyer_is_not_seller", sql`${t.buyerId} <> ${t.sellerId}`),
  ],
);
