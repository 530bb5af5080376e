import { expect, it } from "vitest";
import { said } from "./_kit/fixture.ts";
import { check } from "./names.ts";

it("names: kebab-case files, and nouns that say what a thing is", () => {
  const files = {
    "modules/account/address-book/pick-one.ts":
      "export type Hold = {}; class RefusalError {} const service = 1; type Id = string;",
    "modules/common/_kit/a.test.ts": "interface Idle {}",
    "app/vite.config.ts": "",
  };
  expect(said(check, files)).toEqual([]);
});

it.each(["modules/order/cart/addLine.ts", "modules/order/Cart/add.ts", "app/edge_routes.ts"])(
  "names: %s is not kebab-case",
  (path) => {
    expect(said(check, { [path]: "" })[0]).toContain("is not kebab-case");
  },
);

it.each([
  "app/utils.ts",
  "modules/order/helpers/a.ts",
  "app/misc/a.ts",
  "app/date-utils.ts",
  "app/common/a.ts",
])("names: %s is a drawer", (path) => {
  expect(said(check, { [path]: "" })[0]).toContain("is a drawer");
});

it.each([
  ["type OrderDto = {};", "Order"],
  ["class StockService {}", "Stock"],
  ["const lockManager = 1;", "lock"],
  ["function dateHelper() {}", "date"],
  ["interface IGateway {}", "Gateway"],
])("names: %s", (text, instead) => {
  expect(said(check, { "app/a.ts": text })[0]).toContain(`write ${instead} instead`);
});
