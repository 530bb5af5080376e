/** Adds to a file that is already there, at the place that its syntax says, and leaves the rest as it stands. */
import { type NodeOf, type Source, sourceOf } from "../tidy/_kit/source.ts";
import { callName, entriesOf, unwrap } from "../tidy/_kit/syntax.ts";

/** Adds an import; to the line that already imports from there, when there is one. */
export const withImport = (text: string, name: string, from: string): string => {
  const source = sourceOf("grown.ts", text);
  const imports = source.all("ImportDeclaration");
  const same = imports.find((node) => node.source.value === from && node.importKind !== "type");
  if (!same) return insert(text, imports.at(-1)?.end ?? endOfIntroduction(source), importLine(name, from));
  if (same.specifiers.some(({ local }) => local.name === name)) return text;
  const last = same.specifiers.at(-1);
  if (!last) return insert(text, same.end, importLine(name, from));
  return `${text.slice(0, last.end)}, ${name}${text.slice(last.end)}`;
};

const importLine = (name: string, from: string): string => `import { ${name} } from "${from}";`;

const insert = (text: string, offset: number, line: string): string =>
  offset === 0 ? `${line}\n${text}` : `${text.slice(0, offset)}\n${line}${text.slice(offset)}`;

/** Where the comment at the head of a file ends. */
const endOfIntroduction = (source: Source): number => {
  const first = source.comments()[0];
  return first?.start === 0 ? first.end : 0;
};

/** The names that the imports of a file have taken. */
export const namesIn = (text: string): string[] =>
  sourceOf("grown.ts", text)
    .all("ImportDeclaration")
    .flatMap(({ specifiers }) => specifiers.map(({ local }) => local.name));

type Literal = { named: string; call: string };

/** Adds an entry to the object in `call(named, { … })` or `call("named", { … })`. */
export const withEntry = (text: string, literal: Literal, entry: string): string => {
  const object = objectOf(text, literal);
  if (!object) throw new Error(`There is no ${literal.call}(${literal.named}, { … }) to add to.`);
  const last = object.properties.at(-1);
  const lead = last ? `${text.slice(object.start, last.end)},` : "{";
  const tail = last
    ? text
        .slice(last.end, object.end - 1)
        .replace(/^\s*,/, "")
        .trimEnd()
    : "";
  return `${text.slice(0, object.start)}${lead}${tail}\n${entry}\n}${text.slice(object.end)}`;
};

export const hasEntry = (text: string, literal: Literal, key: string): boolean => {
  const object = objectOf(text, literal);
  return object !== undefined && entriesOf(object).some(([name]) => name === key);
};

const objectOf = (text: string, { named, call }: Literal): NodeOf<"ObjectExpression"> | undefined => {
  const calls = sourceOf("grown.ts", text).all("CallExpression");
  const found = calls.find((node) => {
    const first = node.arguments[0];
    const name =
      first?.type === "Literal" ? first.value : first?.type === "Identifier" ? first.name : undefined;
    return callName(node) === call && name === named;
  });
  const object = found?.arguments[1] && unwrap(found.arguments[1]);
  return object?.type === "ObjectExpression" ? object : undefined;
};

/** Adds an element to the list in `board("shipping", [ … ])`. */
export const withComponent = (text: string, element: string): string => {
  const call = sourceOf("grown.ts", text)
    .all("CallExpression")
    .find((node) => callName(node) === "board");
  const list = call?.arguments[1];
  if (list?.type !== "ArrayExpression") throw new Error("There is no board(…, [ … ]) to add to.");
  const last = list.elements.at(-1);
  const at = last?.end ?? list.start + 1;
  return `${text.slice(0, at)}${last ? ", " : ""}${element}${text.slice(at)}`;
};
