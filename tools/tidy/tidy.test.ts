import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tidy } from "../tidy.ts";
import { readTree, treeOf } from "./_kit/tree.ts";
import { CHECKS } from "./checks.ts";

it("tidy: a tree without a file is not tidy but unseen", () => {
  expect(() => tidy(treeOf({ "README.md": "" }))).toThrow("saw no files");
});

it("tidy: every check beside this file is asked, and every check has a test", () => {
  const here = readdirSync(import.meta.dirname);
  const files = here.filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && name !== "checks.ts",
  );
  expect(CHECKS.map(({ id }) => `${id}.ts`).toSorted()).toEqual(files.toSorted());
  expect(files.filter((name) => !here.includes(name.replace(".ts", ".test.ts")))).toEqual([]);
});

it("tidy: the tree is really read", () => {
  const tree = readTree(join(import.meta.dirname, "../.."));
  expect(tree.code.length).toBeGreaterThan(20);
  expect(tree.has("tools/tidy.ts")).toBe(true);
  expect(tree.code.some(({ path }) => path.includes("node_modules"))).toBe(false);
});

it("tidy: a finding says where, what, what to write instead, and why", () => {
  const [finding] = tidy(treeOf({ "app/main.ts": "export * from './a.ts';" }));
  expect(finding).toEqual({
    check: "banned",
    path: "app/main.ts",
    line: 1,
    what: "export *",
    instead: "imports from the file itself",
    why: "a barrel hides where a thing lives",
  });
});
