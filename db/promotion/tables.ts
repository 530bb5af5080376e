/** What promotion keeps: promotions with their budgets, and what checkouts have set aside of them. */
import { type Discount, Gives, Level, Payer, type Schedule } from "@shopnexus/contracts/promotion/terms";
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  char,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import { at, id, minor, oneOf } from "../_kit/columns.ts";

export const schema = pgSchema("promotion");

const DISCOUNT_KINDS = ["percent", "fixed", "tiered", "buy_get", "bundle"] as const;
type Of<K extends Discount["kind"]> = Extract<Discount, { kind: K }>;
/** What of a discount is no number: its tiers, its pieces, its items. */
export type DiscountShape =
  | Pick<Of<"tiered">, "tiers">
  | Pick<Of<"buy_get">, "buy" | "get" | "basisPoints">
  | Pick<Of<"bundle">, "items">;

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
    /** Never of itself: by coupons alone. */
    isByCoupon: boolean("is_by_coupon").notNull().default(false),
    discountKind: text("discount_kind", { enum: DISCOUNT_KINDS }).notNull(),
    discountBasisPoints: integer("discount_basis_points"),
    /** An amount, or the price of a bundle. */
    discountMinor: bigint("discount_minor", { mode: "number" }),
    discountShape: jsonb("discount_shape").$type<DiscountShape>(),
    gives: text("gives").$type<Gives>().notNull().default("goods"),
    level: text("level").$type<Level>().notNull().default("order"),
    paidBy: text("paid_by").$type<Payer>().notNull().default("seller"),
    minimumMinor: minor("minimum_minor"),
    capMinor: minor("cap_minor"),
    groupName: text("group_name"),
    isExclusive: boolean("is_exclusive").notNull().default(false),
    schedule: jsonb("schedule").$type<Schedule>(),
    currency: char("currency", { length: 3 }).notNull(),
    priority: integer("priority").notNull(),
    budgetMinor: bigint("budget_minor", { mode: "number" }).notNull(),
    heldMinor: bigint("held_minor", { mode: "number" }).notNull().default(0),
    redeemedMinor: bigint("redeemed_minor", { mode: "number" }).notNull().default(0),
    /** Null: as often as the budget lasts. */
    usesMax: integer("uses_max"),
    usesHeld: integer("uses_held").notNull().default(0),
    usesRedeemed: integer("uses_redeemed").notNull().default(0),
    accountUsesMax: integer("account_uses_max"),
    startsAt: timestamp("starts_at", { withTimezone: true }).notNull(),
    endsAt: timestamp("ends_at", { withTimezone: true }).notNull(),
    /** Goes up with every change of its terms, and with its stop. */
    version: integer("version").notNull().default(1),
    /** Set: no basket meets it and nobody holds it any more; what was held before stays held. */
    stoppedAt: timestamp("stopped_at", { withTimezone: true }),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (row) => [
    index("promotion_of_owner").on(row.sellerId, row.createdAt, row.promotionId),
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
        else ${row.discountKind} in ('tiered', 'buy_get', 'bundle') and ${row.discountShape} is not null end`,
    ),
    check("promotion_is_used_too_often", sql`${row.usesHeld} + ${row.usesRedeemed} <= ${row.usesMax}`),
    check("promotion_uses_are_negative", sql`${row.usesHeld} >= 0 and ${row.usesRedeemed} >= 0`),
    check("promotion_gives_something_unknown", oneOf(row.gives, Gives.options)),
    check("promotion_level_is_unknown", oneOf(row.level, Level.options)),
    check("promotion_payer_is_unknown", oneOf(row.paidBy, Payer.options)),
    check(
      "promotion_of_a_seller_is_paid_by_the_platform",
      sql`${row.sellerId} is null or ${row.paidBy} = 'seller'`,
    ),
  ],
);

/** What a promotion aims at: `all`, or `seller:`, `category:`, `listing:`, `sku:` and a name. A basket asks by its keys. */
export const promotionTarget = schema.table(
  "promotion_target",
  {
    promotionId: id("prm", "promotion_id").notNull(),
    key: text("key").notNull(),
    /** As its promotion, or its stop: what is over, or needs a code, must not cost a basket anything. */
    isAutomatic: boolean("is_automatic").notNull(),
    endsAt: at("ends_at").notNull(),
  },
  (row) => [
    primaryKey({ name: "promotion_target_is_there_twice", columns: [row.promotionId, row.key] }),
    foreignKey({
      name: "promotion_target_of_no_promotion",
      columns: [row.promotionId],
      foreignColumns: [promotion.promotionId],
    }),
    index("promotion_target_automatic").on(row.key, row.endsAt).where(sql`${row.isAutomatic}`),
  ],
);

/** How often one account has used a promotion that limits that. */
export const promotionAccount = schema.table(
  "promotion_account",
  {
    promotionId: id("prm", "promotion_id").notNull(),
    accountId: id("acc", "account_id").notNull(),
    usesMax: integer("uses_max").notNull(),
    usesHeld: integer("uses_held").notNull(),
    usesRedeemed: integer("uses_redeemed").notNull(),
  },
  (row) => [
    primaryKey({ name: "promotion_account_is_there_twice", columns: [row.promotionId, row.accountId] }),
    foreignKey({
      name: "promotion_account_of_no_promotion",
      columns: [row.promotionId],
      foreignColumns: [promotion.promotionId],
    }),
    check(
      "promotion_account_uses_it_too_often",
      sql`${row.usesHeld} + ${row.usesRedeemed} <= ${row.usesMax}`,
    ),
    check("promotion_account_uses_are_negative", sql`${row.usesHeld} >= 0 and ${row.usesRedeemed} >= 0`),
  ],
);

/** What one checkout has set aside. A row `freed` without shares is a tombstone: its free came before its hold. */
export const promotionHold = schema.table(
  "promotion_hold",
  {
    promotionHoldId: id("phd", "promotion_hold_id").primaryKey(),
    /** Whose checkout it is; null of a tombstone. */
    accountId: id("acc", "account_id"),
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
