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

const saga = (undo: string) => ({
  ...page("release"),
  "modules/order/checkout/run.ts": `const holdStock = pair("hold stock", {
    do: (ctx, hold) => call(ctx, Stock).reserve(hold),
    undo: ${undo},
  });`,
});

it("undo: a saga takes a do back by the undo on its card", () => {
  expect(said(check, saga("(ctx, { holdId }) => call(ctx, Stock).release({ holdId })"))).toEqual([]);
  const called =
    "(ctx, hold) => letGo(ctx, hold) }); const letGo = async (ctx, hold) => ({ a: call(ctx, Stock).release(hold)";
  expect(said(check, saga(called))).toEqual([]);
});

it("undo: a saga that takes it back by another, or not at all", () => {
  expect(said(check, saga("(ctx, hold) => call(ctx, Stock).expire(hold)"))[0]).toContain(
    "this pair does Stock/reserve and does not undo it by Stock/release",
  );
  expect(said(check, saga('nothing("it expires")'))).toHaveLength(1);
});
