/** Inventory's memory of how a SKU is kept in stock: settings, dips below the reorder point, serial numbers. */
import { sql } from "drizzle-orm";
import { bigint, boolean, check, foreignKey, index, integer, primaryKey, text } from "drizzle-orm/pg-core";
import { SerialEvent, SerialState } from "@shopnexus/contracts/inventory/serial";
import { at, id, oneOf } from "../_kit/columns.ts";
import { inventory, level } from "./tables.ts";

/** How a SKU is kept in stock; one without a row is kept the plain way. */
export const setting = inventory.table(
  "setting",
  {
    skuId: id("sku", "sku_id").primaryKey(),
    takesBackorders: boolean("takes_backorders").notNull(),
    hasSerials: boolean("has_serials").notNull(),
    reorderPoint: integer("reorder_point"),
    supplierEmail: text("supplier_email"),
    supplierId: id("spl", "supplier_id"),
    reorderPieces: integer("reorder_pieces"),
  },
  (row) => [
    check(
      "setting_reorders_from_somebody",
      sql`(${row.supplierId} is null) = (${row.reorderPieces} is null)`,
    ),
    foreignKey({ name: "setting_level_known", columns: [row.skuId], foreignColumns: [level.skuId] }),
    check("setting_reorder_point_never_below_zero", sql`${row.reorderPoint} >= 0`),
  ],
);

/** The latest dip of a SKU below its reorder point: open until stock arrives, and noticed once. */
export const dip = inventory.table(
  "dip",
  {
    skuId: id("sku", "sku_id").primaryKey(),
    /** Counts the dips of this SKU. */
    dip: integer("dip").notNull(),
    state: text("state", { enum: ["open", "over"] }).notNull(),
    /** Whose sale was the first to notice: a repeat answers the same. */
    noticedBy: text("noticed_by").notNull(),
    /** As it was noticed. */
    available: integer("available").notNull(),
    reorderPoint: integer("reorder_point").notNull(),
    supplierEmail: text("supplier_email"),
    noticedAt: at("noticed_at").notNull(),
    overAt: at("over_at"),
  },
  (row) => [
    foreignKey({ name: "dip_level_known", columns: [row.skuId], foreignColumns: [level.skuId] }),
    check("dip_state_known", sql`${row.state} in ('open', 'over')`),
    check("dip_counts_up", sql`${row.dip} > 0`),
  ],
);

/** A numbered piece. */
export const serial = inventory.table(
  "serial",
  {
    skuId: id("sku", "sku_id").notNull(),
    serial: text("serial").notNull(),
    state: text("state").$type<SerialState>().notNull().default("free"),
    lineId: id("lin", "line_id"),
    /** What it came with, if that was said. */
    receiptId: text("receipt_id"),
    position: bigint("position", { mode: "number" }).generatedAlwaysAsIdentity(),
    takenAt: at("taken_at"),
  },
  (row) => [
    primaryKey({ name: "serial_once_a_sku", columns: [row.skuId, row.serial] }),
    check("serial_state_known", oneOf(row.state, SerialState.options)),
    check(
      "serial_taken_for_a_line",
      sql`(${row.state} in ('taken', 'shipped')) = (${row.lineId} is not null)`,
    ),
    index("serial_next").on(row.skuId, row.state, row.position),
    index("serial_in_order").on(row.skuId, row.position),
    index("serial_of_line").on(row.lineId).where(sql`${row.lineId} is not null`),
  ],
);

/** What became of a numbered piece. Append only, by trigger. */
export const serialEvent = inventory.table(
  "serial_event",
  {
    skuId: id("sku", "sku_id").notNull(),
    serial: text("serial").notNull(),
    position: bigint("position", { mode: "number" }).generatedAlwaysAsIdentity(),
    event: text("event").notNull(),
    state: text("state").notNull(),
    lineId: id("lin", "line_id"),
    note: text("note"),
    actor: text("actor").notNull(),
    happenedAt: at("happened_at").notNull().defaultNow(),
  },
  (row) => [
    primaryKey({ name: "serial_event_in_order", columns: [row.skuId, row.serial, row.position] }),
    check("serial_event_known", oneOf(row.event, SerialEvent.options)),
    check("serial_event_state_known", oneOf(row.state, SerialState.options)),
  ],
);

/** That a line took its serial numbers, or put them back: the latter for good. */
export const take = inventory.table(
  "take",
  {
    lineId: id("lin", "line_id").primaryKey(),
    state: text("state", { enum: ["taken", "back"] }).notNull(),
    takenAt: at("taken_at"),
    backAt: at("back_at"),
  },
  (row) => [check("take_state_known", sql`${row.state} in ('taken', 'back')`)],
);
