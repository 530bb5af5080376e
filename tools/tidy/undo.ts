import type { Check } from "./_kit/check.ts";

/** The undo that a card names is an operation of the same page, and has the do's words to work with. */
export const check: Check = {
  id: "undo",
  why: "a saga that unwinds into an operation that does not exist stops half way",
  find: (tree) =>
    tree.pages().flatMap(({ source, components }) =>
      components.flatMap(({ name, ops }) =>
        ops
          .filter(({ undo }) => undo !== undefined && !ops.some((op) => op.name === undo))
          .map(({ name: op, undo, line }) => ({
            path: source.path,
            line,
            what: `${name}/${op} is undone by ${undo}, which ${name} does not have`,
            instead: `one of ${ops.map((one) => one.name).join(", ")}`,
          })),
      ),
    ),
};
