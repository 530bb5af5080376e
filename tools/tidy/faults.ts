import { PORTS } from "../rooms.ts";
import { at, type Check } from "./_kit/check.ts";
import type { NodeOf, Source } from "./_kit/source.ts";

/**
 * A fault is weather: it is thrown as it comes, and Restate tries again. Only a port turns one into a refusal. A catch
 * that throws on what it does not know, `if (!isRefusal(…)) throw error`, lets the weather through.
 */
export const check: Check = {
  id: "faults",
  why: "a caught fault is not retried, so the work stops half done and nobody is told",
  find: ({ code }) =>
    code
      .filter(({ path, isTest }) => /^modules\/(?!_kit\/)/.test(path) && !isTest && !isPort(path))
      .flatMap((source) => [
        ...source
          .all("CatchClause")
          .filter((node) => !rethrows(source, node))
          .map((node) => ({
            ...at(source, node),
            what: "catch in a handler",
            instead: "nothing, or the catch in a port",
          })),
        ...source
          .all("CallExpression")
          .filter(
            ({ callee }) =>
              callee.type === "MemberExpression" &&
              callee.property.type === "Identifier" &&
              callee.property.name === "catch",
          )
          .map((node) => ({
            ...at(source, node),
            what: ".catch( in a handler",
            instead: "nothing, or the catch in a port",
          })),
      ]),
};

const rethrows = (source: Source, { start, end, param }: NodeOf<"CatchClause">): boolean =>
  source.all("ThrowStatement").some(({ start: at, argument }) => {
    const isInside = at > start && at < end;
    return (
      isInside &&
      argument.type === "Identifier" &&
      param?.type === "Identifier" &&
      argument.name === param.name
    );
  });

const isPort = (path: string): boolean => Object.keys(PORTS).some((port) => path.startsWith(`${port}/`));
