/** The shelves that listings stand on. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { refusals } from "../_kit/refusal.ts";
import { Nothing, text } from "../_kit/word.ts";

/** Lower-case words joined by hyphens, e.g. `womens-watches`. */
export const Slug = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
export const CategoryEntry = z.object({ categoryId: id("cat"), slug: Slug, name: z.string() });

export const CategoryRefusals = refusals({
  CATEGORY_UNKNOWN: { status: 404, says: "There is no such category." },
});

export const Category = service("Category", {
  /** Adds a category, or renames the one with this slug.
   *  Repeats  the same category */
  put: step(z.strictObject({ slug: Slug, name: text(80) }), CategoryEntry, { who: "operator" }),

  /** All categories by name, 1,000 at most. */
  list: read(Nothing, z.object({ categories: z.array(CategoryEntry) }), {
    who: "anyone",
    http: "GET /categories",
  }),
});
