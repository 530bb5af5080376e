import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Tree } from "./check.ts";
import { type Page, pageOf } from "./page.ts";
import { sourceOf } from "./source.ts";

const SKIPPED = new Set(["node_modules", ".git", ".shopnexus", "dist", "coverage"]);
const READ = /\.(tsx?|md|json|toml|ya?ml|sql|sh|html|css)$/;
const UNREAD = /(^|\/)(package-lock\.json|openapi\.json|meta\/.*\.json)$|^tools\/seed\/products\.json$/;

export const treeOf = (files: Record<string, string>, others: readonly string[] = []): Tree => {
  const sources = Object.entries(files).map(([path, text]) => sourceOf(path, text));
  const code = sources.filter((source) => source.isCode);
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const paths = new Set([...byPath.keys(), ...others].flatMap(withFolders));
  let pages: Page[] | undefined;
  return {
    sources,
    code,
    pages: () => {
      pages ??= code.flatMap((source) => pageOf(source) ?? []);
      return pages;
    },
    has: (path) => paths.has(path),
    get: (path) => byPath.get(path),
  };
};

export const readTree = (root: string): Tree => {
  const paths = list(root, "");
  const read = paths.filter((path) => READ.test(path) && !UNREAD.test(path));
  return treeOf(
    Object.fromEntries(read.map((path) => [path, readFileSync(join(root, path), "utf8")])),
    paths,
  );
};

const list = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder)).flatMap((name) => {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (SKIPPED.has(name)) return [];
    const entry = statSync(join(root, path), { throwIfNoEntry: false });
    if (entry === undefined) return [];
    return entry.isDirectory() ? list(root, path) : [path];
  });

const withFolders = (path: string): string[] => {
  const found = [path];
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) found.push(folder);
  return found;
};
