import { eq } from "drizzle-orm";
import type { Category } from "@shopnexus/contracts/catalog/category";
import type { In } from "@shopnexus/contracts/kit/contract";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { category } from "#db/catalog/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";

export const put: Step<typeof Category, "put"> = async (ask, { db }) =>
  inTransaction(db, async (tx) => {
    await insertCategory(tx, ask);
    return renameCategory(tx, ask);
  });

type Ask = In<typeof Category, "put">;

/** Unless it stands. No upsert: the row is unique by slug and by id, and an upsert gives way to one of them only. */
const insertCategory = async (tx: Tx, { slug, name }: Ask): Promise<void> => {
  await tx
    .insert(category)
    .values({ categoryId: deriveId("cat", slug), slug, name })
    .onConflictDoNothing();
};

/** Leans on category_slug_once. */
const renameCategory = async (tx: Tx, { slug, name }: Ask) => {
  const [row] = await tx
    .update(category)
    .set({ name })
    .where(eq(category.slug, slug))
    .returning({ categoryId: category.categoryId, slug: category.slug, name: category.name });
  assert(row, "the insert before has made it, or found it");
  return row;
};
