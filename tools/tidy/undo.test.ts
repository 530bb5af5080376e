import { expect, it } from "vitest";
import { said } from "./_kit/fixture.ts";
import { check } from "./undo.ts";

const page = (undo: string) => ({
  "contracts/inventory/stock.ts": `export const Stock = service("Stock", {
    reserve: step(A, B, { who: "module", undo: "${undo}" }),
    release: step(A, B, { who: "module" }),
  });`,
});

it("undo: an operation of the same page", () => {
  expect(said(check, page("release"))).toEqual([]);
});

it("undo: an operation that does not exist", () => {
  const found = said(check, page("unreserve"));
  expect(found[0]).toContain("contracts/inventory/stock.ts:2  Stock/reserve is undone by unreserve");
});
