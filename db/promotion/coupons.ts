/** Codes by the hundred thousand, each good for one checkout. */
import { CouponState } from "@shopnexus/contracts/promotion/coupon";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import { id, oneOf } from "../_kit/columns.ts";
import { promotion, schema } from "./tables.ts";

/** Codes made at once. All of them follow from the secret, which never leaves the database: a repeat makes the same ones. */
export const couponBatch = schema.table(
  "coupon_batch",
  {
    promotionId: id("prm", "promotion_id").notNull(),
    batch: text("batch").notNull(),
    prefix: text("prefix").notNull(),
    couponCount: integer("coupon_count").notNull(),
    /** Whom they are for, in hash; null: for whoever has one. */
    accountsHash: text("accounts_hash"),
    secret: text("secret").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (row) => [
    primaryKey({ name: "coupon_batch_is_there_twice", columns: [row.promotionId, row.batch] }),
    foreignKey({
      name: "coupon_batch_of_no_promotion",
      columns: [row.promotionId],
      foreignColumns: [promotion.promotionId],
    }),
  ],
);

/** One code of many, good for one checkout. */
export const coupon = schema.table(
  "coupon",
  {
    code: text("code").primaryKey(),
    promotionId: id("prm", "promotion_id").notNull(),
    batch: text("batch").notNull(),
    /** Null: good for whoever has it. */
    accountId: id("acc", "account_id"),
    state: text("state").$type<CouponState>().notNull().default("free"),
    promotionHoldId: id("phd", "promotion_hold_id"),
  },
  (row) => [
    foreignKey({
      name: "coupon_of_no_batch",
      columns: [row.promotionId, row.batch],
      foreignColumns: [couponBatch.promotionId, couponBatch.batch],
    }),
    check("coupon_state_is_unknown", oneOf(row.state, CouponState.options)),
    check("coupon_is_held_by_nobody", sql`(${row.state} = 'free') = (${row.promotionHoldId} is null)`),
    index("coupon_of_batch").on(row.promotionId, row.batch, row.code),
    index("coupon_of_hold").on(row.promotionHoldId).where(sql`${row.promotionHoldId} is not null`),
  ],
);
