import type { Check, Finding, Tree } from "./_kit/check.ts";
import type { Page } from "./_kit/page.ts";

/** A promised refusal is thrown somewhere and proved somewhere. */
export const check: Check = {
  id: "refusals",
  why: "a code that nobody throws or proves is a promise that nobody keeps",
  find: (tree) => tree.pages().flatMap((page) => ofPage(tree, page)),
};

type Named = { constant: string; code: string; path: string; line: number; module: string };

const ofPage = (tree: Tree, { source, module, refusals }: Page): Finding[] =>
  refusals
    .flatMap(({ constant, codes }) => codes.map((code) => ({ ...code, constant, path: source.path, module })))
    .flatMap((named) => [...spelled(named), ...thrown(tree, named), ...proved(tree, named)]);

const spelled = ({ code, path, line }: Named): Finding[] => {
  if (/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(code)) return [];
  const instead = code
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toUpperCase();
  return [
    {
      path,
      line,
      what: `the code ${code} is not SCREAMING_SNAKE`,
      instead,
      why: "clients match codes by eye and by text",
    },
  ];
};

const thrown = (tree: Tree, { constant, code, path, line, module }: Named): Finding[] => {
  const isThrown = tree.code.some(
    (source) =>
      !source.isTest &&
      source.path.startsWith(`modules/${module}/`) &&
      source.text.includes(`${constant}.${code}`),
  );
  if (isThrown) return [];
  const instead = `throw refuse(${constant}.${code}, …) under modules/${module}, or no such code`;
  return [{ path, line, what: `${code} is never thrown`, instead }];
};

const proved = (tree: Tree, { code, path, line, module }: Named): Finding[] => {
  const word = new RegExp(`\\b${code}\\b`);
  const isProved = tree.code.some((source) => source.isTest && word.test(source.text));
  if (isProved) return [];
  const instead = `a test under modules/${module} whose name or expectation says ${code}`;
  return [{ path, line, what: `no test names ${code}`, instead }];
};
