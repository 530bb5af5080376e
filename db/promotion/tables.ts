/** What promotion keeps: promotions with their budgets, and what checkouts have set aside of them. */
import { sql } from "drizzle-orm";
import {
  bigint,
  char,
  check,
  foreignKey,
  index,
  integer,
  pgSchema,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import { id } from "../_kit/columns.ts";

export const schema = pgSchema("promotion");

/** Terms, and how far the budget has gone. What is left is `budget - held - redeemed`, never below zero. */
export const promotion = schema.table(
  "promotion",
  {
    promotionId: id("prm", "promotion_id").primaryKey(),
    /** Null: the platform's own. */
    sellerId: id("acc", "seller_id"),
    createdBy: text("created_by").notNull(),
    name: text("name").notNull(),
    /** Null: applies of itself. */
    code: text("code").unique("promotion_code_is_taken"),
    discountKind: text("discount_kind", { enum: ["percent", "fixed"] }).notNull(),
    discountBasisPoints: integer("discount_basis_points"),
    discountMinor: bigint("discount_minor", { mode: "number" }),
    currency: char("currency", { length: 3 }).notNull(),
    priority: integer("priority").notNull(),
    budgetMinor: bigint("budget_minor", { mode: "number" }).notNull(),
    heldMinor: bigint("held_minor", { mode: "number" }).notNull().default(0),
    redeemedMinor: bigint("redeemed_minor", { mode: "number" }).notNull().default(0),
    startsAt: timestamp("starts_at", { withTimezone: true }).notNull(),
    endsAt: timestamp("ends_at", { withTimezone: true }).notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (row) => [
    check(
      "promotion_budget_is_overspent",
      sql`${row.heldMinor} + ${row.redeemedMinor} <= ${row.budgetMinor}`,
    ),
    check("promotion_held_is_negative", sql`${row.heldMinor} >= 0`),
    check("promotion_redeemed_is_negative", sql`${row.redeemedMinor} >= 0`),
    check("promotion_ends_before_it_starts", sql`${row.endsAt} > ${row.startsAt}`),
    check(
      "promotion_discount_is_of_another_kind",
      sql`case ${row.discountKind}
        when 'percent' then ${row.discountMinor} is null and coalesce(${row.discountBasisPoints} between 1 and 10000, false)
        when 'fixed' then ${row.discountBasisPoints} is null and coalesce(${row.discountMinor} >= 0, false)
        else false end`,
    ),
    index("promotion_automatic").on(row.sellerId, row.endsAt).where(sql`${row.code} is null`),
  ],
);

/** What one checkout has set aside. A row `freed` without shares is a tombstone: its free came before its hold. */
export const promotionHold = schema.table(
  "promotion_hold",
  {
    promotionHoldId: id("phd", "promotion_hold_id").primaryKey(),
    state: text("state", { enum: ["held", "redeemed", "restored", "freed"] }).notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    changedAt: timestamp("changed_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (row) => [
    check("promotion_hold_state_is_unknown", sql`${row.state} in ('held', 'redeemed', 'restored', 'freed')`),
  ],
);

/** The part of one budget in one hold; its currency is the promotion's. */
export const promotionHoldShare = schema.table(
  "promotion_hold_share",
  {
    promotionHoldId: id("phd", "promotion_hold_id").notNull(),
    promotionId: id("prm", "promotion_id").notNull(),
    amountMinor: bigint("amount_minor", { mode: "number" }).notNull(),
  },
  (row) => [
    primaryKey({
      name: "promotion_hold_share_is_there_twice",
      columns: [row.promotionHoldId, row.promotionId],
    }),
    foreignKey({
      name: "promotion_hold_share_of_no_hold",
      columns: [row.promotionHoldId],
      foreignColumns: [promotionHold.promotionHoldId],
    }),
    foreignKey({
      name: "promotion_hold_share_of_no_promotion",
      columns: [row.promotionId],
      foreignColumns: [promotion.promotionId],
    }),
    index("promotion_hold_share_of_promotion").on(row.promotionId),
    check("promotion_hold_share_is_negative", sql`${row.amountMinor} >= 0`),
  ],
);
