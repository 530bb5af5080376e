/** What the order module keeps of money that buyers' banks take back without asking. */
import { sql } from "drizzle-orm";
import { check, index, jsonb, text, unique } from "drizzle-orm/pg-core";
import { ChargebackStatus } from "@shopnexus/contracts/order/chargeback";
import type { z } from "zod";
import { at, createdAt, currency, id, minor, oneOf } from "../_kit/columns.ts";
import { schema } from "./tables.ts";

/** The versions of the orders that it was taken on. */
export type ChargebackTaken = { readonly versions: Readonly<Record<string, number>> };
export type ChargebackEnding = {
  readonly versions: Readonly<Record<string, number>>;
  /** Of lines that were never sent and are lost, by order. */
  readonly goods: ReadonlyArray<{ orderId: string; lineId: string; skuId: string; pieces: number }>;
  /** Refunds that had been left to the bank, and can be made now. */
  readonly refunds: ReadonlyArray<{ key: string; orderId: string; minor: number; gatewayMinor: number }>;
  /** What refunds that were left to banks later had to be paid after all, by their keys. */
  readonly owed?: Readonly<Record<string, number>>;
};

/** Money that a buyer's bank takes back. */
export const chargeback = schema.table(
  "chargeback",
  {
    chargebackId: id("cbk", "chargeback_id").primaryKey(),
    gateway: text("gateway").notNull(),
    disputeRef: text("dispute_ref").notNull(),
    chargeId: id("chg", "charge_id").notNull(),
    /** Null: no tender is known for the charge. */
    checkoutId: id("chk", "checkout_id"),
    amountMinor: minor("amount_minor").notNull(),
    currency: currency("currency").notNull(),
    status: text("status").$type<z.infer<typeof ChargebackStatus>>().notNull(),
    reason: text("reason").notNull(),
    /** Where the money came from, once it was taken: out of lines, and for refunds that had been left to the bank. */
    linesMinor: minor("lines_minor"),
    suspenseMinor: minor("suspense_minor"),
    /** What of it the tender counts. */
    tenderMinor: minor("tender_minor"),
    /** What its beginning and its end did beside that, for whoever has to say it again. */
    taken: jsonb("taken").$type<ChargebackTaken>(),
    ending: jsonb("ending").$type<ChargebackEnding>(),
    /** What is owed to the buyer after all, of refunds that were left to the bank. */
    owedMinor: minor("owed_minor").notNull().default(0),
    callKey: text("call_key").notNull(),
    dueAt: at("due_at"),
    openedAt: createdAt("opened_at"),
    endedAt: at("ended_at"),
  },
  (t) => [
    unique("one_chargeback_a_reference").on(t.gateway, t.disputeRef),
    index("chargebacks_of_checkout").on(t.checkoutId),
    index("chargebacks_newest").on(t.openedAt, t.chargebackId),
    check("chargeback_status_known", oneOf(t.status, ChargebackStatus.options)),
    check("chargeback_amount_not_negative", sql`${t.amountMinor} >= 0`),
    check(
      "chargeback_taken_adds_up",
      sql`${t.linesMinor} is null or (${t.linesMinor} >= 0 and ${t.suspenseMinor} >= 0 and ${t.linesMinor} + ${t.suspenseMinor} = ${t.amountMinor})`,
    ),
  ],
);
