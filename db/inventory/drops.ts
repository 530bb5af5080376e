/** Inventory's memory of drops: their units, who has a place, and which checkout uses it. */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { at, currency, id, minor } from "../_kit/columns.ts";
import { inventory, level } from "./tables.ts";

const pieces = (name: string) => integer(name).notNull().default(0);

export const drop = inventory.table(
  "drop",
  {
    dropId: id("drp", "drop_id").primaryKey(),
    sellerId: id("acc", "seller_id").notNull(),
    /** Of all terms, so that a repeat is known from another drop. */
    termsHash: text("terms_hash").notNull(),
    room: text("room", { enum: ["queue", "draw"] }).notNull(),
    limitPieces: integer("limit_pieces").notNull(),
    windowMs: integer("window_ms").notNull(),
    /** Drawn by dice at the announcement; told to nobody until the places are drawn. */
    seed: text("seed").notNull(),
    seedHash: text("seed_hash").notNull(),
    /** Counts the times that the gate was built: an older builder is late. */
    gateEpoch: bigint("gate_epoch", { mode: "number" }).notNull().default(0),
    state: text("state", { enum: ["announced", "closed", "withdrawn"] })
      .notNull()
      .default("announced"),
    startsAt: at("starts_at").notNull(),
    drawsAt: at("draws_at"),
    endsAt: at("ends_at").notNull(),
    announcedAt: at("announced_at").notNull().defaultNow(),
    drawnAt: at("drawn_at"),
    closedAt: at("closed_at"),
  },
  (row) => [
    check("drop_state_known", sql`${row.state} in ('announced', 'closed', 'withdrawn')`),
    check("drop_room_known", sql`${row.room} in ('queue', 'draw')`),
    check("drop_draws_in_a_draw", sql`(${row.room} = 'draw') = (${row.drawsAt} is not null)`),
    check("drop_times_in_order", sql`${row.startsAt} < ${row.endsAt}`),
    check(
      "drop_draws_while_it_runs",
      sql`${row.drawsAt} > ${row.startsAt} and ${row.drawsAt} <= ${row.endsAt}`,
    ),
    index("drop_running").on(row.endsAt).where(sql`${row.state} = 'announced'`),
  ],
);

/** The units of a SKU in a drop: off the shelf, on the level as held, until sold or given back at its end. */
export const dropSku = inventory.table(
  "drop_sku",
  {
    dropId: id("drp", "drop_id").notNull(),
    skuId: id("sku", "sku_id").notNull(),
    priceMinor: minor("price_minor").notNull(),
    currency: currency("currency").notNull(),
    units: integer("units").notNull(),
    /** Pieces that may be waited for beyond the units. */
    places: integer("places").notNull(),
    /** Here and not in the drop: who enters looks at the very row that it writes. */
    takesEntries: boolean("takes_entries").notNull().default(true),
    /** Pieces of who waits, of who is admitted or at a checkout, and of who has bought. */
    waiting: pieces("waiting"),
    taken: pieces("taken"),
    sold: pieces("sold"),
  },
  (row) => [
    primaryKey({ name: "drop_sku_once", columns: [row.dropId, row.skuId] }),
    foreignKey({ name: "drop_sku_drop_known", columns: [row.dropId], foreignColumns: [drop.dropId] }),
    foreignKey({ name: "drop_sku_level_known", columns: [row.skuId], foreignColumns: [level.skuId] }),
    check("drop_never_oversold", sql`${row.taken} + ${row.sold} <= ${row.units}`),
    check("drop_never_waits_below_zero", sql`${row.waiting} >= 0`),
    check("drop_never_takes_below_zero", sql`${row.taken} >= 0`),
    check("drop_never_sells_below_zero", sql`${row.sold} >= 0`),
  ],
);

/** What an account has of a drop: places and pieces bought. */
export const entrant = inventory.table(
  "entrant",
  {
    dropId: id("drp", "drop_id").notNull(),
    accountId: id("acc", "account_id").notNull(),
    pieces: integer("pieces").notNull(),
    limitPieces: integer("limit_pieces").notNull(),
  },
  (row) => [
    primaryKey({ name: "entrant_once_a_drop", columns: [row.dropId, row.accountId] }),
    check("entrant_never_above_limit", sql`${row.pieces} <= ${row.limitPieces}`),
    check("entrant_never_below_zero", sql`${row.pieces} >= 0`),
  ],
);

export const ticket = inventory.table(
  "ticket",
  {
    ticketId: id("tkt", "ticket_id").primaryKey(),
    dropId: id("drp", "drop_id").notNull(),
    skuId: id("sku", "sku_id").notNull(),
    accountId: id("acc", "account_id").notNull(),
    pieces: integer("pieces").notNull(),
    state: text("state", { enum: ["waiting", "admitted", "checked_out", "sold", "lapsed"] })
      .notNull()
      .default("waiting"),
    /** The order of arrival; of a draw the order that was drawn. */
    position: bigint("position", { mode: "number" }).generatedByDefaultAsIdentity(),
    /** Whose claim it is. */
    checkoutId: id("chk", "checkout_id"),
    expiresAt: at("expires_at").notNull(),
    admittedUntil: at("admitted_until"),
    enteredAt: at("entered_at").notNull().defaultNow(),
    changedAt: at("changed_at").notNull().defaultNow(),
  },
  (row) => [
    foreignKey({
      name: "ticket_drop_known",
      columns: [row.dropId, row.skuId],
      foreignColumns: [dropSku.dropId, dropSku.skuId],
    }),
    check(
      "ticket_state_known",
      sql`${row.state} in ('waiting', 'admitted', 'checked_out', 'sold', 'lapsed')`,
    ),
    check("ticket_pieces_positive", sql`${row.pieces} > 0`),
    check(
      "ticket_used_by_a_checkout",
      sql`(${row.state} in ('checked_out', 'sold')) = (${row.checkoutId} is not null)`,
    ),
    check(
      "ticket_waits_unadmitted",
      sql`${row.state} in ('waiting', 'lapsed') or ${row.admittedUntil} is not null`,
    ),
    index("ticket_in_turn").on(row.dropId, row.skuId, row.position).where(sql`${row.state} = 'waiting'`),
    index("ticket_due").on(row.expiresAt).where(sql`${row.state} in ('admitted', 'checked_out')`),
    index("ticket_of_drop").on(row.dropId, row.ticketId),
  ],
);

/** That a checkout used a ticket, or gave it back: the latter for good, also where it came first. */
export const ticketClaim = inventory.table(
  "ticket_claim",
  {
    ticketId: id("tkt", "ticket_id").notNull(),
    checkoutId: id("chk", "checkout_id").notNull(),
    state: text("state", { enum: ["held", "sold", "back"] }).notNull(),
    restockedAt: at("restocked_at"),
    claimedAt: at("claimed_at").notNull().defaultNow(),
  },
  (row) => [
    primaryKey({ name: "ticket_claim_once", columns: [row.ticketId, row.checkoutId] }),
    check("ticket_claim_state_known", sql`${row.state} in ('held', 'sold', 'back')`),
    uniqueIndex("ticket_claim_one_lives").on(row.ticketId).where(sql`${row.state} <> 'back'`),
  ],
);
