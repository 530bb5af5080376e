import { expect, it } from "vitest";
import { said } from "./_kit/fixture.ts";
import { treeOf } from "./_kit/tree.ts";
import { check, RATCHET, turned } from "./walls.ts";

const lines = (count: number) => "const a = 1;\n".repeat(count);
const long = `export const run = () => {\n${lines(60)}};\n`;

it.each([
  ["modules/order/cart/add.ts", 150],
  ["modules/order/cart/rules.ts", 200],
  ["modules/order/cart/cart.test.ts", 300],
  ["modules/order/index.ts", 80],
  ["contracts/order/cart.ts", 200],
  ["db/order/tables.ts", 200],
  ["modules/_kit/call.ts", 300],
])("walls: %s has at most %i lines", (path, max) => {
  expect(said(check, { [path]: lines(max) })).toEqual([]);
  expect(said(check, { [path]: lines(max + 1) })[0]).toContain(`${max + 1} lines`);
});

it("walls: a function has at most 50 lines, in a test as many as it likes", () => {
  expect(said(check, { "app/main.ts": long })[0]).toContain("app/main.ts:1  run has 62 lines; at most 50");
  expect(said(check, { "app/main.test.ts": long })).toEqual([]);
});

it("walls: a function takes at most three parameters", () => {
  expect(said(check, { "app/main.ts": "const f = (a, b, c) => a;" })).toEqual([]);
  expect(said(check, { "app/main.ts": "const f = (a, b, c, d) => a;" })[0]).toContain("f takes 4 parameters");
  expect(said(check, { "app/a.test.ts": "property(a, b, c, d, (a, b, c, d) => a);" })).toEqual([]);
});

it("walls: a component's folder has at most 15 files", () => {
  const folder = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`modules/order/cart/verb-${at}.ts`, ""]));
  expect(said(check, folder(15))).toEqual([]);
  expect(said(check, folder(16))[0]).toContain("modules/order/cart:1  16 files");
});

it("walls: what the ratchet remembers may stay, may not grow, and must be turned down", () => {
  const at = (size: number) => ({
    "app/main.ts": long,
    [RATCHET]: JSON.stringify({ "app/main.ts run": size }),
  });
  expect(said(check, at(62))).toEqual([]);
  expect(said(check, at(61))[0]).toContain("and it was 61");
  expect(said(check, at(70))[0]).toContain("smaller than the ratchet says");
});

it("walls: turning the ratchet never adds a row and never raises one", () => {
  const ratchet = { "app/main.ts run": 70, "app/gone.ts": 900 };
  const tree = (text: object) =>
    treeOf({ "app/main.ts": long, "app/new.ts": long, [RATCHET]: JSON.stringify(text) });
  expect(turned(tree(ratchet))).toEqual({ "app/main.ts run": 62 });
  expect(turned(tree({ "app/main.ts run": 55 }))).toEqual({ "app/main.ts run": 55 });
});
