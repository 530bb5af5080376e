import { PORTS } from "../rooms.ts";
import { at, type Check } from "./_kit/check.ts";

/** A fault is weather: it is thrown as it comes, and Restate tries again. Only a port turns one into a refusal. */
export const check: Check = {
  id: "faults",
  why: "a caught fault is not retried, so the work stops half done and nobody is told",
  find: ({ code }) =>
    code
      .filter(({ path, isTest }) => /^modules\/(?!_kit\/)/.test(path) && !isTest && !isPort(path))
      .flatMap((source) => [
        ...source.all("CatchClause").map((node) => ({
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

const isPort = (path: string): boolean => Object.keys(PORTS).some((port) => path.startsWith(`${port}/`));
