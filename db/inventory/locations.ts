/** Inventory's memory of where pieces lie: locations, how many are at each, and which lines' pieces were taken off. */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  foreignKey,
  integer,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { at, id } from "../_kit/columns.ts";
import { inventory } from "./tables.ts";

export const location = inventory.table(
  "location",
  {
    locationId: id("loc", "location_id").primaryKey(),
    sellerId: id("acc", "seller_id").notNull(),
    name: text("name").notNull(),
    isDefault: boolean("is_default").notNull(),
    openedAt: at("opened_at").notNull().defaultNow(),
  },
  (row) => [
    uniqueIndex("location_name_once_a_seller").on(row.sellerId, row.name),
    uniqueIndex("location_one_default_a_seller").on(row.sellerId).where(sql`${row.isDefault}`),
  ],
);

const count = (name: string) => bigint(name, { mode: "number" }).notNull().default(0);

/** What is booked of a SKU at a location: over all of them, its level's pieces on hand. */
export const shelf = inventory.table(
  "shelf",
  {
    skuId: id("sku", "sku_id").notNull(),
    locationId: id("loc", "location_id").notNull(),
    onHand: count("on_hand"),
    /** Sold, and taken off for a parcel: always the sum of its picks. */
    picked: count("picked"),
  },
  (row) => [
    primaryKey({ name: "shelf_once_a_location", columns: [row.skuId, row.locationId] }),
    foreignKey({
      name: "shelf_location_known",
      columns: [row.locationId],
      foreignColumns: [location.locationId],
    }),
    check("shelf_never_below_zero", sql`${row.onHand} >= 0`),
    check("shelf_never_picked_short", sql`0 <= ${row.picked} and ${row.picked} <= ${row.onHand}`),
  ],
);

/** Pieces of a line that were taken off a shelf, less those that came back. */
export const pick = inventory.table(
  "pick",
  {
    lineId: id("lin", "line_id").notNull(),
    skuId: id("sku", "sku_id").notNull(),
    locationId: id("loc", "location_id").notNull(),
    pieces: integer("pieces").notNull(),
    pickedAt: at("picked_at").notNull().defaultNow(),
  },
  (row) => [
    primaryKey({ name: "pick_once_a_location", columns: [row.lineId, row.locationId] }),
    foreignKey({
      name: "pick_shelf_known",
      columns: [row.skuId, row.locationId],
      foreignColumns: [shelf.skuId, shelf.locationId],
    }),
    check("pick_never_below_zero", sql`${row.pieces} >= 0`),
  ],
);
