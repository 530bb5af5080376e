/** Inventory's memory of supply: suppliers, what was ordered from them, and what their systems were told. */
import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { HookEvent, HookState, PurchaseState } from "@shopnexus/contracts/inventory/purchase";
import { Channel } from "@shopnexus/contracts/inventory/supplier";
import { at, id, oneOf } from "../_kit/columns.ts";
import { inventory } from "./tables.ts";

export const supplier = inventory.table(
  "supplier",
  {
    supplierId: id("spl", "supplier_id").primaryKey(),
    sellerId: id("acc", "seller_id").notNull(),
    name: text("name").notNull(),
    email: text("email").notNull(),
    leadDays: integer("lead_days").notNull(),
    channel: text("channel").$type<Channel>().notNull().default("mail"),
    webhookUrl: text("webhook_url"),
    /** Signs what is told; no read gives it out. */
    webhookSecret: text("webhook_secret"),
  },
  (row) => [
    uniqueIndex("supplier_name_once_a_seller").on(row.sellerId, row.name),
    check("supplier_channel_known", oneOf(row.channel, Channel.options)),
    check(
      "supplier_webhook_whole_or_none",
      sql`(${row.channel} = 'webhook') = (${row.webhookUrl} is not null)
        and (${row.channel} = 'webhook') = (${row.webhookSecret} is not null)`,
    ),
    check("supplier_lead_never_below_zero", sql`${row.leadDays} >= 0`),
  ],
);

export const purchase = inventory.table(
  "purchase",
  {
    purchaseId: id("pur", "purchase_id").primaryKey(),
    sellerId: id("acc", "seller_id").notNull(),
    supplierId: id("spl", "supplier_id").notNull(),
    locationId: id("loc", "location_id"),
    state: text("state").$type<PurchaseState>().notNull().default("draft"),
    channel: text("channel").$type<Channel>().notNull().default("mail"),
    /** Who has it may say yes for the supplier: it stands in the letter. */
    code: text("code").notNull(),
    reminderCount: integer("reminder_count").notNull().default(0),
    draftedAt: at("drafted_at").notNull().defaultNow(),
    sentAt: at("sent_at"),
    dueAt: at("due_at"),
    remindAt: at("remind_at"),
    acknowledgedAt: at("acknowledged_at"),
    endedAt: at("ended_at"),
  },
  (row) => [
    foreignKey({
      name: "purchase_supplier_known",
      columns: [row.supplierId],
      foreignColumns: [supplier.supplierId],
    }),
    check("purchase_state_known", oneOf(row.state, PurchaseState.options)),
    check("purchase_channel_known", oneOf(row.channel, Channel.options)),
    check(
      "purchase_sent_before_it_comes",
      sql`${row.state} in ('draft', 'cancelled') or (${row.sentAt} is not null and ${row.dueAt} is not null)`,
    ),
    check(
      "purchase_ended_at_its_end",
      sql`(${row.state} in ('received', 'cancelled')) = (${row.endedAt} is not null)`,
    ),
    index("purchase_newest").on(row.sellerId, row.draftedAt, row.purchaseId),
  ],
);

export const purchaseLine = inventory.table(
  "purchase_line",
  {
    purchaseId: id("pur", "purchase_id").notNull(),
    skuId: id("sku", "sku_id").notNull(),
    pieces: integer("pieces").notNull(),
    receivedPieces: integer("received_pieces").notNull().default(0),
  },
  (row) => [
    primaryKey({ name: "purchase_line_once_a_sku", columns: [row.purchaseId, row.skuId] }),
    foreignKey({
      name: "purchase_line_of_an_order",
      columns: [row.purchaseId],
      foreignColumns: [purchase.purchaseId],
    }),
    check("purchase_line_pieces_positive", sql`${row.pieces} > 0`),
    check("purchase_line_received_never_below_zero", sql`${row.receivedPieces} >= 0`),
  ],
);

/** A message to a supplier's system: tried until it is at its end. */
export const hook = inventory.table(
  "hook",
  {
    purchaseId: id("pur", "purchase_id").notNull(),
    event: text("event").$type<HookEvent>().notNull(),
    state: text("state").$type<HookState>().notNull().default("queued"),
    attempts: integer("attempts").notNull().default(0),
    /** Given up at so many; each resend adds as many as a new one has. */
    attemptLimit: integer("attempt_limit").notNull(),
    reason: text("reason"),
    /** Not tried before. */
    nextAt: at("next_at").notNull().defaultNow(),
    /** Until then one process is talking to the supplier's system about it, and others let it. */
    claimedUntil: at("claimed_until"),
    queuedAt: at("queued_at").notNull().defaultNow(),
    changedAt: at("changed_at").notNull().defaultNow(),
  },
  (row) => [
    primaryKey({ name: "hook_once_an_event", columns: [row.purchaseId, row.event] }),
    foreignKey({
      name: "hook_of_an_order",
      columns: [row.purchaseId],
      foreignColumns: [purchase.purchaseId],
    }),
    check("hook_event_known", oneOf(row.event, HookEvent.options)),
    check("hook_state_known", oneOf(row.state, HookState.options)),
    check("hook_attempts_never_below_zero", sql`${row.attempts} >= 0`),
    check("hook_fails_for_a_reason", sql`${row.state} <> 'failed' or ${row.reason} is not null`),
  ],
);
