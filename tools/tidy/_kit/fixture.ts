import type { Check } from "./check.ts";
import { say, verdictsOf } from "./check.ts";
import { treeOf } from "./tree.ts";

/** What a check says of a small repository written in the test: `path:line  what — write X instead: why`. */
export const said = (check: Check, files: Record<string, string>): string[] =>
  verdictsOf(check, treeOf(files)).map(say);

/** Where it says it: `path:line`. */
export const places = (check: Check, files: Record<string, string>): string[] =>
  verdictsOf(check, treeOf(files)).map(({ path, line }) => `${path}:${line}`);
