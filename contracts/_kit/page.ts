/** Keyset pages: a cursor names the last row seen, so a page costs the same at any depth. */
import { z } from "zod";

export const PAGE_LIMIT_MAX = 100;
export const PAGE_LIMIT = 20;

/** Fields of an input that asks for a page. `after` is the `next` of the page before. */
export const pageFields = {
  after: z
    .string()
    .regex(/^[!-~]{1,200}$/)
    .optional(),
  limit: z.int().min(1).max(PAGE_LIMIT_MAX).optional(),
};

/** A page of items; `next` is absent on the last one. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().optional() });

/** Cuts a page from one row more than was asked for. */
export const cutPage = <T>(
  rows: readonly T[],
  limit: number,
  cursorOf: (row: T) => string,
): { items: T[]; next?: string } => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, next: cursorOf(last) } : { items };
};
