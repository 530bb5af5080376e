/** What the order module keeps of payments: charges, the tender of each checkout, what went back, what gateways said. */
import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { ChargeState, FindingKind } from "@shopnexus/contracts/order/payment";
import type { z } from "zod";
import { at, createdAt, currency, id, minor, oneOf } from "../_kit/columns.ts";
import { schema } from "./tables.ts";

type ChargeState = z.infer<typeof ChargeState>;
type FindingKind = z.infer<typeof FindingKind>;

export const charge = schema.table(
  "charge",
  {
    chargeId: id("chg", "charge_id").primaryKey(),
    checkoutId: id("chk", "checkout_id").notNull(),
    /** Which attempt to pay of its checkout it is, from 0; the newest is the one that the buyer sees. */
    attempt: integer("attempt").notNull().default(0),
    gateway: text("gateway").notNull(),
    amountMinor: minor("amount_minor").notNull(),
    currency: currency("currency").notNull(),
    state: text("state").$type<ChargeState>().notNull(),
    gatewayRef: text("gateway_ref"),
    clientSecret: text("client_secret"),
    /** Where the buyer pays, at a gateway with a page of its own. */
    redirectUrl: text("redirect_url"),
    /** What the gateway may take but has not taken yet. */
    authorizedMinor: minor("authorized_minor"),
    authorizedCurrency: currency("authorized_currency"),
    /** What the gateway says it was paid: its own words, compared when settled. */
    paidMinor: minor("paid_minor"),
    paidCurrency: currency("paid_currency"),
    paidRef: text("paid_ref"),
    returnedMinor: minor("returned_minor"),
    createdAt: createdAt("created_at"),
    changedAt: createdAt("changed_at"),
  },
  (t) => [
    uniqueIndex("one_charge_an_attempt").on(t.checkoutId, t.attempt),
    index("charges_unended").on(t.state, t.createdAt),
    check("charge_attempt_from_zero", sql`${t.attempt} >= 0`),
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

/** How a placed checkout was paid: a part at a gateway, a part from the buyer's wallet. Money goes back the same ways. */
export const tender = schema.table(
  "tender",
  {
    checkoutId: id("chk", "checkout_id").primaryKey(),
    /** Null where all came from the wallet, or nothing was to be paid. */
    chargeId: id("chg", "charge_id"),
    gateway: text("gateway"),
    gatewayRef: text("gateway_ref"),
    accountId: id("acc", "account_id").notNull(),
    currency: currency("currency").notNull(),
    gatewayMinor: minor("gateway_minor").notNull(),
    walletMinor: minor("wallet_minor").notNull(),
    gatewayReturnedMinor: minor("gateway_returned_minor").notNull().default(0),
    walletReturnedMinor: minor("wallet_returned_minor").notNull().default(0),
    /** What the buyer's bank has taken back and not given back. */
    chargedBackMinor: minor("charged_back_minor").notNull().default(0),
    settledAt: createdAt("settled_at"),
  },
  (t) => [
    uniqueIndex("one_tender_a_charge").on(t.chargeId),
    check("tender_not_negative", sql`${t.gatewayMinor} >= 0 and ${t.walletMinor} >= 0`),
    check(
      "tender_gateway_returned_at_most_paid",
      sql`${t.gatewayReturnedMinor} >= 0 and ${t.chargedBackMinor} >= 0 and ${t.gatewayReturnedMinor} + ${t.chargedBackMinor} <= ${t.gatewayMinor}`,
    ),
    check(
      "tender_wallet_returned_at_most_paid",
      sql`${t.walletReturnedMinor} between 0 and ${t.walletMinor}`,
    ),
  ],
);

/** Money on its way back to a buyer: promised with its parts, then paid, or left to the bank that took it first. */
export const giveBack = schema.table(
  "give_back",
  {
    key: text("key").primaryKey(),
    checkoutId: id("chk", "checkout_id").notNull(),
    orderId: id("ord", "order_id").notNull(),
    gatewayMinor: minor("gateway_minor").notNull(),
    walletMinor: minor("wallet_minor").notNull(),
    state: text("state", { enum: ["promised", "paid", "left_to_bank"] })
      .notNull()
      .default("promised"),
    attempts: integer("attempts").notNull().default(0),
    promisedAt: createdAt("promised_at"),
    paidAt: at("paid_at"),
  },
  (t) => [
    index("gives_back_of_checkout").on(t.checkoutId),
    index("gives_back_of_order").on(t.orderId),
    check("give_back_state_known", oneOf(t.state, ["promised", "paid", "left_to_bank"])),
    check("give_back_not_negative", sql`${t.gatewayMinor} >= 0 and ${t.walletMinor} >= 0`),
  ],
);

/** Up to when the gateways' own lists were compared with ours. */
export const reconciliation = schema.table("reconciliation", {
  gateway: text("gateway").primaryKey(),
  coveredUntil: at("covered_until").notNull(),
  ranAt: createdAt("ran_at"),
});

/** What a gateway's list and ours do not agree on, and nobody but a person can put right. */
export const finding = schema.table(
  "finding",
  {
    /** The same finding in every run. */
    findingKey: text("finding_key").primaryKey(),
    gateway: text("gateway").notNull(),
    kind: text("kind").$type<FindingKind>().notNull(),
    gatewayRef: text("gateway_ref").notNull(),
    chargeId: id("chg", "charge_id"),
    amountMinor: minor("amount_minor"),
    currency: currency("currency"),
    says: text("says").notNull(),
    foundAt: createdAt("found_at"),
    seenAt: createdAt("seen_at"),
    /** When a later run no longer found it. */
    endedAt: at("ended_at"),
  },
  (t) => [
    index("findings_newest").on(t.foundAt, t.findingKey),
    check("finding_kind_known", oneOf(t.kind, FindingKind.options)),
  ],
);
