/** Inventory's memory: levels, the holds on them, and every movement that led there. */
import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgSchema, primaryKey, text } from "drizzle-orm/pg-core";
import { at, id } from "#db/_kit/columns.ts";

export const inventory = pgSchema("inventory");

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
    openedAt: at("opened_at").notNull().defaultNow(),
  },
  (row) => [
    check("level_never_below_zero", sql`${row.onHand} >= 0`),
    check("level_never_holds_below_zero", sql`${row.held} >= 0`),
    check("level_never_sells_below_zero", sql`${row.sold} >= 0`),
    check("level_never_oversold", sql`${row.held} + ${row.sold} <= ${row.onHand}`),
  ],
);

/**
 * Pieces set aside under one id. The lines stand in the row itself: whoever changes its state reads them in the same
 * breath, also when the row is younger than the snapshot. A row without lines is a tombstone: its undo came first.
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
    check(
      "hold_tombstone_stays_released",
      sql`${row.state} = 'released' or (cardinality(${row.skuIds}) > 0 and ${row.expiresAt} is not null)`,
    ),
    index("hold_due").on(row.expiresAt).where(sql`${row.state} = 'held'`),
  ],
);

/** Append only, by trigger. A hold moves a SKU once for each reason, a receipt once. */
export const movement = inventory.table(
  "movement",
  {
    reference: text("reference").notNull(),
    skuId: id("sku", "sku_id").notNull(),
    reason: text("reason", {
      enum: ["receive", "reserve", "release", "commit", "restock", "expire"],
    }).notNull(),
    onHandDelta: integer("on_hand_delta").notNull(),
    heldDelta: integer("held_delta").notNull(),
    soldDelta: integer("sold_delta").notNull(),
    actor: text("actor").notNull(),
    /** The order of writing: movements of one moment keep theirs. */
    position: bigint("position", { mode: "number" }).generatedAlwaysAsIdentity(),
    movedAt: at("moved_at").notNull().defaultNow(),
  },
  (row) => [
    primaryKey({ name: "movement_once_a_reason", columns: [row.reference, row.skuId, row.reason] }),
    check(
      "movement_reason_known",
      sql`${row.reason} in ('receive', 'reserve', 'release', 'commit', 'restock', 'expire')`,
    ),
    check(
      "movement_moves_something",
      sql`${row.onHandDelta} <> 0 or ${row.heldDelta} <> 0 or ${row.soldDelta} <> 0`,
    ),
    index("movement_newest").on(row.skuId, row.position),
  ],
);
