import { expect, it } from "vitest";
import { places, said } from "./_kit/fixture.ts";
import { check } from "./banned.ts";

const verb = (text: string) => said(check, { "modules/order/checkout/run.ts": text });

it.each([
  ["Date.now()", "await ctx.date.now()"],
  ["new Date()", "await ctx.date.now()"],
  ["Math.random()", "ctx.rand"],
  ["crypto.randomUUID()", "ctx.rand"],
  ["setTimeout(done, 1)", "ctx.sleep"],
  ["fetch(url)", "a step"],
])("banned: %s in a function that takes ctx", (call, instead) => {
  const found = verb(`export const run = async (ctx, input) => {\n  const at = ${call};\n};`);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain("modules/order/checkout/run.ts:2");
  expect(found[0]).toContain(`write ${instead}`);
});

it("banned: a step, a run and a date made from a value may have the clock", () => {
  expect(verb("export const open = async (input, { db }) => Date.now();")).toEqual([]);
  expect(verb('const run = async (ctx) => ctx.run("stamp", () => stamp(Date.now()));')).toEqual([]);
  expect(verb("const run = async (ctx) => new Date(await ctx.date.now());")).toEqual([]);
});

it("banned: promises of Node over promises of Restate", () => {
  const found = verb("const run = async (ctx) => { await Promise.all([a, b]); a.then(b); };");
  expect(found[0]).toContain("write RestatePromise.all");
  expect(found[1]).toContain("write await");
  expect(verb("export const open = async (input, { db }) => Promise.all([a, b]);")).toEqual([]);
});

it("banned: barrels, enums and namespaces", () => {
  const text = 'export * from "./a.ts";\nenum Colour { Red }\nnamespace Shop { export const a = 1; }';
  expect(places(check, { "app/main.ts": text })).toEqual(["app/main.ts:1", "app/main.ts:2", "app/main.ts:3"]);
  expect(said(check, { "app/x.d.ts": 'declare module "x" { export const a: 1; }' })).toEqual([]);
});

it("banned: console outside host and tools, process.env outside the one page", () => {
  const text = "console.log(process.env.PORT);";
  expect(said(check, { "app/config.ts": text, "tools/seed.ts": text })).toEqual([]);
  expect(said(check, { "app/main.ts": "const config = readConfig(process.env);" })).toEqual([]);
  expect(said(check, { "db/_kit/open.ts": text })).toHaveLength(2);
  expect(said(check, { "app/main.ts": text })[0]).toContain("readConfig(process.env) once");
});

it("banned: an exception is written where it is made", () => {
  const text = "// tidy: banned — the kit measures itself here\nconst run = async (ctx) => Date.now();";
  expect(verb(text)).toEqual([]);
  expect(verb(text.replace(" — the kit measures itself here", ""))).toHaveLength(1);
});
