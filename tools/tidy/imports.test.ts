import { expect, it } from "vitest";
import { places, said } from "./_kit/fixture.ts";
import { check } from "./imports.ts";

it("imports: a module may read every promise, the kits and its own memory", () => {
  const text = [
    'import { Stock } from "@shopnexus/contracts/inventory/stock";',
    'import { refuse } from "@shopnexus/contracts/kit/refusal";',
    'import { call } from "#modules/_kit/call.ts";',
    'import { hold } from "#db/inventory/tables.ts";',
    'import { sql } from "drizzle-orm/sql";',
    'import { insertHold } from "./rows.ts";',
  ].join("\n");
  expect(said(check, { "modules/inventory/stock/reserve.ts": text })).toEqual([]);
});

it("imports: a module never enters another module's work or memory", () => {
  const files = {
    "modules/order/checkout/run.ts":
      'import { x } from "#modules/inventory/stock/rows.ts";\nimport { y } from "#db/inventory/tables.ts";',
    "modules/order/cart/add.ts": 'import type { z } from "../../inventory/stock/rows.ts";',
    "modules/order/cart/put.ts":
      'type Row = import("#db/inventory/tables.ts").Row;\nexport { w } from "#db/inventory/tables.ts";',
  };
  const found = said(check, files);
  expect(found).toHaveLength(5);
  expect(found[0]).toContain("modules/order/checkout/run.ts:1");
  expect(found[0]).toContain("write a call to a contract of @shopnexus/contracts/inventory");
});

it("imports: only the loader loads modules, and only by import()", () => {
  const loading = 'export const order = () => import("#modules/order/index.ts");';
  expect(said(check, { "app/modules.ts": loading })).toEqual([]);
  expect(places(check, { "app/main.ts": loading })).toEqual(["app/main.ts:1"]);
  expect(places(check, { "app/modules.ts": 'import "#modules/order/index.ts";' })).toEqual([
    "app/modules.ts:1",
  ]);
});

it("imports: a contract is a leaf, and only the typed client brings the ingress client", () => {
  const text = 'import * as clients from "@restatedev/restate-sdk-clients";';
  const within = `${text} import { isRefusal } from "./refusal.ts";`;
  expect(said(check, { "contracts/_kit/client.ts": within })).toEqual([]);
  expect(places(check, { "contracts/order/cart.ts": text })).toEqual(["contracts/order/cart.ts:1"]);
});

it("imports: a package of the outside belongs to a port", () => {
  const text = 'import Stripe from "stripe";';
  expect(said(check, { "modules/order/charge/gateway/stripe.ts": text })).toEqual([]);
  expect(said(check, { "modules/order/charge/open.ts": text })[0]).toContain("a port");
});

it("imports: the product never imports tools, its tests may", () => {
  const text = 'import { shop } from "#tools/test/shop.ts";';
  expect(places(check, { "app/main.ts": text })).toEqual(["app/main.ts:1"]);
  expect(said(check, { "modules/order/cart/cart.test.ts": text, "app/e2e/journey.ts": text })).toEqual([]);
});

it("imports: a border is crossed by its name, not by dots", () => {
  const found = said(check, { "modules/order/cart/add.ts": 'import { call } from "../../_kit/call.ts";' });
  expect(found[0]).toContain("write #modules/_kit/call.ts");
  expect(said(check, { "db/order/tables.ts": 'import { at } from "../_kit/columns.ts";' })).toEqual([]);
});

it("imports: a computed name escapes the table, so nobody but the loader computes one", () => {
  const text = "export const load = (name: string) => import(`#modules/${name}/index.ts`);";
  expect(said(check, { "app/modules.ts": text })).toEqual([]);
  expect(said(check, { "modules/_kit/load.ts": text })[0]).toContain("import() of a computed name");
});
