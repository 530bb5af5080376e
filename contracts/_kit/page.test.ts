import * as fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { cutPage, page, PAGE_LIMIT_MAX, pageFields } from "./page.ts";

/** Reads everything there is, a page at a time, as a caller would. */
const readAll = (all: readonly number[], limit: number): number[][] => {
  const pages: number[][] = [];
  let after: string | undefined;
  do {
    const rows = all.filter((row) => after === undefined || row > Number(after)).slice(0, limit + 1);
    const { items, next } = cutPage(rows, limit, String);
    pages.push(items);
    after = next;
  } while (after !== undefined);
  return pages;
};

test("page by page every row is read once, in order, and only the last page may be short", () => {
  const anyRows = fc.uniqueArray(fc.integer({ min: 0, max: 1_000 }), { maxLength: 60 });
  fc.assert(
    fc.property(anyRows, fc.integer({ min: 1, max: 10 }), (unsorted, limit) => {
      const rows = unsorted.toSorted((a, b) => a - b);
      const pages = readAll(rows, limit);
      expect(pages.flat()).toEqual(rows);
      expect(pages.slice(0, -1).every(({ length }) => length === limit)).toBe(true);
      expect(pages.length).toBe(Math.max(1, Math.ceil(rows.length / limit)));
    }),
  );
});

test("next names the last row shown, and is absent when there are no more", () => {
  expect(cutPage([1, 2, 3], 2, String)).toEqual({ items: [1, 2], next: "2" });
  expect(cutPage([1, 2], 2, String)).toEqual({ items: [1, 2] });
  expect(cutPage([], 2, String)).toEqual({ items: [] });
});

test("a page is asked for within bounds, and its answer has the items' shape", () => {
  const Ask = z.strictObject(pageFields);
  expect(Ask.safeParse({}).success).toBe(true);
  expect(Ask.safeParse({ limit: PAGE_LIMIT_MAX }).success).toBe(true);
  for (const limit of [0, -1, 1.5, PAGE_LIMIT_MAX + 1]) expect(Ask.safeParse({ limit }).success).toBe(false);
  expect(Ask.safeParse({ after: "x".repeat(201) }).success).toBe(false);
  expect(page(z.number()).safeParse({ items: [1], next: "1" }).success).toBe(true);
  expect(page(z.number()).safeParse({ items: ["1"] }).success).toBe(false);
});
