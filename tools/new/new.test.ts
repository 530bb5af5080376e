import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { make } from "../new.ts";
import { tidy } from "../tidy.ts";
import { readTree } from "../tidy/_kit/tree.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "shopnexus-new-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const run = (line: string) => make(line.split(" "), root);
const text = (path: string) => readFileSync(join(root, path), "utf8");

it("new: a module, its components and their handlers are tidy on their first day", () => {
  run("module shipping");
  run("component shipping/parcel");
  run("handler shipping/parcel/book");
  run("handler shipping/parcel/look-up --read");
  run("component shipping/delivery --workflow");
  run("handler shipping/delivery/run");
  run("handler shipping/delivery/arrived");
  expect(tidy(readTree(root))).toEqual([]);
});

it("new: the contract line, the file and the board have one address", () => {
  run("module shipping");
  run("component shipping/parcel");
  run("handler shipping/parcel/lookUp --read");
  expect(text("contracts/shipping/parcel.ts")).toContain("lookUp: read(z.strictObject({})");
  expect(text("modules/shipping/parcel/look-up.ts")).toContain('Step<typeof Parcel, "lookUp">');
  expect(text("modules/shipping/index.ts")).toContain("provide(Parcel, {\n    lookUp,\n  })");
});

it("new: of a workflow the run is a run, and the rest are ops", () => {
  run("module shipping");
  run("component shipping/delivery --workflow");
  run("handler shipping/delivery/run");
  run("handler shipping/delivery/arrived");
  const page = text("contracts/shipping/delivery.ts");
  expect(page).toContain("run: run(");
  expect(page).toContain("arrived: op(");
  expect(text("modules/shipping/delivery/arrived.ts")).toContain('Handler<typeof Delivery, "arrived">');
});

it("new: two components may have the same verb on one board", () => {
  run("module shipping");
  for (const component of ["parcel", "label"]) {
    run(`component shipping/${component}`);
    run(`handler shipping/${component}/print`);
  }
  expect(text("modules/shipping/index.ts")).toContain("print: printLabel");
  expect(tidy(readTree(root))).toEqual([]);
});

it("new: a verb may be a word that JavaScript keeps for itself", () => {
  run("module shipping");
  run("component shipping/label");
  run("handler shipping/label/void");
  expect(text("modules/shipping/label/void.ts")).toContain("export { voidLabel as void };");
  expect(text("modules/shipping/index.ts")).toContain("void: voidLabel");
  expect(tidy(readTree(root))).toEqual([]);
});

it("new: a promise that is already on the page stays as it was written", () => {
  run("module shipping");
  run("component shipping/parcel");
  run("handler shipping/parcel/book");
  const page = text("contracts/shipping/parcel.ts");
  rmSync(join(root, "modules/shipping/parcel/book.ts"));
  rmSync(join(root, "modules/shipping/index.ts"));
  rmSync(join(root, "modules/shipping/README.md"));
  rmSync(join(root, "db"), { recursive: true });
  run("module shipping");
  expect(() => run("handler shipping/parcel/book")).toThrow("provide(Parcel, { … })");
  expect(text("contracts/shipping/parcel.ts")).toBe(page);
});

it("new: nothing is written over, and then nothing is written at all", () => {
  run("module shipping");
  run("component shipping/parcel");
  run("handler shipping/parcel/book");
  const board = text("modules/shipping/index.ts");
  expect(() => run("module shipping")).toThrow("modules/shipping/index.ts is already there");
  expect(() => run("component shipping/parcel")).toThrow("contracts/shipping/parcel.ts is already there");
  expect(() => run("handler shipping/parcel/book")).toThrow("book.ts is already there");
  expect(text("modules/shipping/index.ts")).toBe(board);
});

it("new: what comes first is told", () => {
  expect(() => run("component shipping/parcel")).toThrow("First: npm run new module shipping");
  expect(() => run("handler shipping/parcel/book")).toThrow("First: npm run new component shipping/parcel");
});

it.each([
  "",
  "module",
  "module a/b",
  "component shipping",
  "handler a/b",
  "thing a",
  "module ../x",
  "module a b",
])("new: %j is answered with what it knows", (line) => {
  expect(() => run(line)).toThrow("npm run new module shipping");
});
