import { at, type Check, type Finding } from "./_kit/check.ts";
import { callName, nameOf } from "./_kit/syntax.ts";

/** A test that does not run says why on its line; one that runs alone is never kept. */
export const check: Check = {
  id: "skipped-tests",
  why: "a guarantee that is switched off without a word is taken for one that holds",
  find: ({ code }) =>
    code
      .filter(({ isTest }) => isTest)
      .flatMap((source) =>
        source.all("CallExpression").flatMap((node): Finding[] => {
          const name =
            callName(node) ??
            (node.callee.type === "CallExpression" ? nameOf(node.callee.callee) : undefined);
          const [, verb] = /^(?:it|test|describe|suite)\.(skip|only|todo|fails)$/.exec(name ?? "") ?? [];
          if (!verb) return [];
          const place = at(source, node);
          if (verb === "only")
            return [
              {
                ...place,
                what: `${name}`,
                instead: "the test without .only",
                why: "the others no longer run",
              },
            ];
          const hasReason = /\/\/ \S{3}/.test(source.lines[place.line - 1] ?? "");
          return hasReason
            ? []
            : [{ ...place, what: `${name} without a reason`, instead: `${name}(…) // the reason` }];
        }),
      ),
};
