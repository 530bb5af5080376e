import { expect, it } from "vitest";
import { said } from "./_kit/fixture.ts";
import { check } from "./comments.ts";

const comment = (text: string) => said(check, { "app/a.ts": `${text}\nconst a = 1;` });

it.each([
  "// Held longer than the window, so that a late payment still finds its pieces.",
  "// TODO by 2026-12-31: read the rate from the table.",
  "// oxlint-disable-next-line no-await-in-loop -- one after the other is the point",
  "// @ts-expect-error the client of 1.17 has no overload for descriptors",
])("comments: %s", (text) => {
  expect(comment(text)).toEqual([]);
});

it.each([
  "// TODO make it fast",
  "// oxlint-disable no-console",
  "// @ts-ignore",
  "// @ts-expect-error",
  "// ======== ROWS",
])("comments, not: %s", (text) => {
  expect(comment(text)).toHaveLength(1);
});
