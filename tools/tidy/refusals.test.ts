import { expect, it } from "vitest";
import { said } from "./_kit/fixture.ts";
import { check } from "./refusals.ts";

const PAGE = 'export const StockRefusals = refusals({ OUT_OF_STOCK: { status: 409, says: "…" } });';
const KEPT = {
  "contracts/inventory/stock.ts": PAGE,
  "modules/inventory/stock/rows.ts": "throw refuse(StockRefusals.OUT_OF_STOCK, {});",
  "modules/inventory/stock/stock.test.ts": 'it("Stock/reserve: OUT_OF_STOCK when none is left", () => {});',
};

it("refusals: thrown in its module and named in a test", () => {
  expect(said(check, KEPT)).toEqual([]);
});

it("refusals: never thrown", () => {
  const found = said(check, { ...KEPT, "modules/inventory/stock/rows.ts": "" });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain("contracts/inventory/stock.ts:1  OUT_OF_STOCK is never thrown");
});

it("refusals: thrown by another module is not thrown by its own", () => {
  const { "modules/inventory/stock/rows.ts": text, ...rest } = KEPT;
  expect(said(check, { ...rest, "modules/order/cart/add.ts": text })[0]).toContain("never thrown");
});

it("refusals: never proved", () => {
  expect(
    said(check, { ...KEPT, "modules/inventory/stock/stock.test.ts": "OUT_OF_STOCK_AGAIN" })[0],
  ).toContain("no test names OUT_OF_STOCK");
});

it("refusals: a code is spelled in capitals, with the page's name before the cards or without", () => {
  const files = { "contracts/inventory/stock.ts": 'export const R = refusals("Stock", { outOfStock: {} });' };
  expect(said(check, files)[0]).toContain("write OUT_OF_STOCK instead");
});
