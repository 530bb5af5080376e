import type { Category } from "@shopnexus/contracts/catalog/category";
import { category } from "#db/catalog/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";

/** One statement: the slug decides, also between two at once. Leans on category_slug_once. */
export const put: Step<typeof Category, "put"> = async ({ slug, name }, { db }) => {
  const [row] = await db
    .insert(category)
    .values({ categoryId: deriveId("cat", slug), slug, name })
    .onConflictDoUpdate({ target: category.slug, set: { name } })
    .returning({ categoryId: category.categoryId, slug: category.slug, name: category.name });
  assert(row, "an upsert without a condition gives its row");
  return row;
};
