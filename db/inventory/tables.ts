/** Inventory's memory of pieces: levels, what is held, sold and waited for, and every movement that led there. */
import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgSchema, primaryKey, text } from "drizzle-orm/pg-core";
import { type AdjustCause, MovementReason } from "@shopnexus/contracts/inventory/movement";
import { at, id, oneOf } from "../_kit/columns.ts";

export const inventory = pgSchema("inventory");

/** The order of writing: what is written in one moment keeps its own. */
const position = () => bigint("position", { mode: "number" }).generatedAlwaysAsIdentity();
const count = (name: string) => bigint(name, { mode: "number" }).notNull().default(0);

/** What there is of a SKU, and how much of it is spoken for. Always the sum of its movements. */
export const level = inventory.table(
  "level",
  {
    skuId: id("sku", "sku_id").primaryKey(),
    sellerId: id("acc", "seller_id").notNull(),
    onHand: count("on_hand"),
    held: count("held"),
    sold: count("sold"),
    /** So many pieces are not sold: what is on hand beyond it is. It stands here because whoever sells looks at this row. */
    safetyStock: integer("safety_stock").notNull().default(0),
    openedAt: at("opened_at").notNull().defaultNow(),
  },
  (row) => [
    check("level_never_below_zero", sql`${row.onHand} >= 0`),
    check("level_never_holds_below_zero", sql`${row.held} >= 0`),
    check("level_never_sells_below_zero", sql`${row.sold} >= 0`),
    check("level_safety_stock_never_below_zero", sql`${row.safetyStock} >= 0`),
    check("level_never_oversold", sql`${row.held} + ${row.sold} <= ${row.onHand}`),
  ],
);

/**
 * Pieces set aside under one id. The lines stand in the row itself: whoever changes its state reads them in the same
 * breath, also when the row is younger than the snapshot. A row without an end is a tombstone: its undo came first.
 */
export const hold = inventory.table(
  "hold",
  {
    holdId: id("hld", "hold_id").primaryKey(),
    skuIds: text("sku_ids").array().notNull(),
    pieces: integer("pieces").array().notNull(),
    state: text("state", { enum: ["held", "committed", "released", "expired"] }).notNull(),
    expiresAt: at("expires_at"),
    heldAt: at("held_at"),
    committedAt: at("committed_at"),
    restockedAt: at("restocked_at"),
    releasedAt: at("released_at"),
    expiredAt: at("expired_at"),
  },
  (row) => [
    check("hold_state_known", sql`${row.state} in ('held', 'committed', 'released', 'expired')`),
    check("hold_lines_paired", sql`cardinality(${row.skuIds}) = cardinality(${row.pieces})`),
    check("hold_pieces_positive", sql`0 < all (${row.pieces})`),
    check("hold_tombstone_stays_released", sql`${row.state} = 'released' or ${row.expiresAt} is not null`),
    index("hold_due").on(row.expiresAt).where(sql`${row.state} = 'held'`),
  ],
);

/** Append only, by trigger. A hold moves a SKU once for each reason, a receipt and a line that waited once. */
export const movement = inventory.table(
  "movement",
  {
    reference: text("reference").notNull(),
    skuId: id("sku", "sku_id").notNull(),
    reason: text("reason").$type<MovementReason>().notNull(),
    onHandDelta: integer("on_hand_delta").notNull(),
    heldDelta: integer("held_delta").notNull(),
    soldDelta: integer("sold_delta").notNull(),
    actor: text("actor").notNull(),
    /** Where pieces came or went. */
    locationId: id("loc", "location_id"),
    /** Why a level was put right by hand. */
    cause: text("cause").$type<AdjustCause>(),
    position: position(),
    movedAt: at("moved_at").notNull().defaultNow(),
  },
  (row) => [
    primaryKey({ name: "movement_once_a_reason", columns: [row.reference, row.skuId, row.reason] }),
    check("movement_reason_known", oneOf(row.reason, MovementReason.options)),
    check("movement_on_hand_somewhere", sql`${row.onHandDelta} = 0 or ${row.locationId} is not null`),
    check("movement_adjusted_for_a_cause", sql`(${row.reason} = 'adjust') = (${row.cause} is not null)`),
    check(
      "movement_moves_something",
      sql`${row.onHandDelta} <> 0 or ${row.heldDelta} <> 0 or ${row.soldDelta} <> 0`,
    ),
    index("movement_newest").on(row.skuId, row.position),
  ],
);

/**
 * A line that waits for stock. Its position is its place: it is written while the level is locked, so of one SKU the
 * places are in the order in which they were given.
 */
export const backorder = inventory.table(
  "backorder",
  {
    lineId: id("lin", "line_id").primaryKey(),
    orderId: id("ord", "order_id").notNull(),
    holdId: id("hld", "hold_id").notNull(),
    skuId: id("sku", "sku_id").notNull(),
    pieces: integer("pieces").notNull(),
    /** As reserved, for a repeat of the reserve; a part of it may be given up since. */
    reservedPieces: integer("reserved_pieces").notNull(),
    state: text("state", { enum: ["reserved", "waiting", "served", "cancelled"] })
      .notNull()
      .default("reserved"),
    position: position(),
    /** Who asked when it was served: a repeat answers the same. */
    servedBy: text("served_by"),
    reservedAt: at("reserved_at").notNull().defaultNow(),
    servedAt: at("served_at"),
    cancelledAt: at("cancelled_at"),
  },
  (row) => [
    check("backorder_state_known", sql`${row.state} in ('reserved', 'waiting', 'served', 'cancelled')`),
    check("backorder_pieces_positive", sql`0 < ${row.pieces} and ${row.pieces} <= ${row.reservedPieces}`),
    check("backorder_served_by_somebody", sql`(${row.state} = 'served') = (${row.servedBy} is not null)`),
    index("backorder_of_hold").on(row.holdId),
    index("backorder_of_order").on(row.orderId),
    index("backorder_queue").on(row.skuId, row.position).where(sql`${row.state} = 'waiting'`),
    index("backorder_served").on(row.servedBy, row.skuId).where(sql`${row.state} = 'served'`),
  ],
);

/** What was taken back of a sale, once a reference and SKU: also where no level moved, because the line still waited. */
export const unsold = inventory.table(
  "unsold",
  {
    reference: text("reference").notNull(),
    skuId: id("sku", "sku_id").notNull(),
    lineId: id("lin", "line_id").notNull(),
    pieces: integer("pieces").notNull(),
    /** So many were sold and are there again; none of a line that waited. */
    returnedPieces: integer("returned_pieces").notNull(),
    unsoldAt: at("unsold_at").notNull().defaultNow(),
  },
  (row) => [
    primaryKey({ name: "unsold_once_a_reference", columns: [row.reference, row.skuId] }),
    check("unsold_pieces_positive", sql`${row.pieces} > 0`),
    check("unsold_returned_or_waited", sql`${row.returnedPieces} in (0, ${row.pieces})`),
  ],
);
