/** Catalog's memory: categories, the listings on them, and their SKUs. */
import { sql } from "drizzle-orm";
import {
  bigint,
  char,
  check,
  foreignKey,
  index,
  integer,
  pgSchema,
  smallint,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { at, id } from "#db/_kit/columns.ts";

export const catalog = pgSchema("catalog");

/** A shelf; its slug is its name for ever, its name may change. */
export const category = catalog.table(
  "category",
  {
    categoryId: id("cat", "category_id").primaryKey(),
    slug: text("slug").notNull(),
    name: text("name").notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (row) => [unique("category_slug_once").on(row.slug)],
);

/** What a seller offers (SPU). Its id is a UUIDv7 and so its age: browsing goes by it. */
export const listing = catalog.table(
  "listing",
  {
    listingId: id("lst", "listing_id").primaryKey(),
    sellerId: id("acc", "seller_id").notNull(),
    categorySlug: text("category_slug").notNull(),
    title: text("title").notNull(),
    description: text("description").notNull(),
    brand: text("brand"),
    state: text("state", { enum: ["draft", "published", "hidden"] })
      .notNull()
      .default("draft"),
    createdAt: at("created_at").notNull().defaultNow(),
    publishedAt: at("published_at"),
    hiddenAt: at("hidden_at"),
  },
  (row) => [
    foreignKey({
      name: "listing_category_known",
      columns: [row.categorySlug],
      foreignColumns: [category.slug],
    }),
    check("listing_state_known", sql`${row.state} in ('draft', 'published', 'hidden')`),
    index("listing_newest").on(row.listingId).where(sql`${row.state} = 'published'`),
    index("listing_newest_of_category")
      .on(row.categorySlug, row.listingId)
      .where(sql`${row.state} = 'published'`),
  ],
);

/** What can be bought (SKU), with the price of today. */
export const sku = catalog.table(
  "sku",
  {
    skuId: id("sku", "sku_id").primaryKey(),
    listingId: id("lst", "listing_id").notNull(),
    code: text("code").notNull(),
    /** As the seller ordered them. */
    position: smallint("position").notNull(),
    priceMinor: bigint("price_minor", { mode: "number" }).notNull(),
    currency: char("currency", { length: 3 }).notNull(),
    weightGrams: integer("weight_grams").notNull(),
    /** Packed; all three or none. */
    lengthMm: integer("length_mm"),
    widthMm: integer("width_mm"),
    heightMm: integer("height_mm"),
    repricedAt: at("repriced_at"),
  },
  (row) => [
    foreignKey({
      name: "sku_listing_known",
      columns: [row.listingId],
      foreignColumns: [listing.listingId],
    }),
    unique("sku_code_once_a_listing").on(row.listingId, row.code),
    check("sku_price_never_below_zero", sql`${row.priceMinor} >= 0`),
    check("sku_weight_never_below_zero", sql`${row.weightGrams} >= 0`),
    check(
      "sku_size_whole_and_above_zero",
      sql`num_nonnulls(${row.lengthMm}, ${row.widthMm}, ${row.heightMm}) = 0 or (num_nonnulls(${row.lengthMm}, ${row.widthMm}, ${row.heightMm}) = 3 and least(${row.lengthMm}, ${row.widthMm}, ${row.heightMm}) > 0)`,
    ),
  ],
);
