import { asc } from "drizzle-orm";
import type { Category } from "@shopnexus/contracts/catalog/category";
import { category } from "#db/catalog/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";

/** A shop has dozens of categories; the bound keeps a mistake from becoming an outage. */
const CATEGORY_COUNT_MAX = 1_000;

export const list: Step<typeof Category, "list"> = async (_nothing, { db }) => ({
  categories: await db
    .select({ categoryId: category.categoryId, slug: category.slug, name: category.name })
    .from(category)
    .orderBy(asc(category.name), asc(category.slug))
    .limit(CATEGORY_COUNT_MAX),
});
