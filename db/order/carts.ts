/** What the order module keeps of wishes: carts, and which checkouts were taken out of them. */
import { sql } from "drizzle-orm";
import { check, integer, primaryKey } from "drizzle-orm/pg-core";
import { at, createdAt, id } from "../_kit/columns.ts";
import { schema } from "./tables.ts";

/** One row an account that ever had a cart: writers of one cart queue here. */
export const cart = schema.table("cart", {
  accountId: id("acc", "account_id").primaryKey(),
  touchedAt: at("touched_at").notNull(),
});

export const cartLine = schema.table(
  "cart_line",
  {
    accountId: id("acc", "account_id").notNull(),
    skuId: id("sku", "sku_id").notNull(),
    pieces: integer("pieces").notNull(),
    addedAt: createdAt("added_at"),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.skuId] }),
    check("cart_line_has_pieces", sql`${t.pieces} between 1 and 9999`),
  ],
);

/** Carts that a checkout was taken out of: once. */
export const cartClear = schema.table("cart_clear", {
  checkoutId: id("chk", "checkout_id").primaryKey(),
  clearedAt: createdAt("cleared_at"),
});
