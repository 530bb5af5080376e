/** Would a value that one schema lets out be refused by another? Reads JSON Schema as zod writes it. */
import { isDeepStrictEqual } from "node:util";
import type { Schema } from "./fingerprint.ts";

/** Of an input the older page writes and the newer one reads; of an output it is the other way round. */
export type Side = "input" | "output";
export type Pairing = {
  /** Where this is, e.g. `Stock/reserve input.lines[]`. */
  readonly place: string;
  readonly writer: Schema;
  readonly reader: Schema;
  readonly side: Side;
};

export const schemaBreaks = (pairing: Pairing): string[] => {
  const { writer, reader } = pairing;
  if (isDeepStrictEqual(reader, writer) || takesAll(reader)) return [];
  const written = alternatives(writer);
  const read = alternatives(reader);
  if (written !== undefined || read !== undefined)
    return unionBreaks(pairing, written ?? [writer], read ?? [reader]);
  const type = typeBreaks(pairing);
  if (type.length > 0) return type;
  return [...valueBreaks(pairing), ...boundBreaks(pairing), ...objectBreaks(pairing), ...listBreaks(pairing)];
};

const NOTES = new Set(["title", "description", "examples", "default", "id"]);
const takesAll = (schema: Schema): boolean => Object.keys(schema).every((keyword) => NOTES.has(keyword));

const alternatives = (schema: Schema): Schema[] | undefined =>
  (schema["anyOf"] ?? schema["oneOf"]) as Schema[] | undefined;

/** Every alternative written must be taken by one that is read; the nearest one says what is wrong. */
const unionBreaks = (pairing: Pairing, written: Schema[], read: Schema[]): string[] =>
  written.flatMap((writer) => {
    const attempts = read.map((reader) => schemaBreaks({ ...pairing, writer, reader }));
    return attempts.toSorted((one, other) => one.length - other.length)[0] ?? [];
  });

/** `old became new`, whichever side wrote. */
const became = (
  { place, side }: Pairing,
  what: string,
  values: { writer: unknown; reader: unknown },
): string => {
  const [before, after] = side === "input" ? [values.writer, values.reader] : [values.reader, values.writer];
  return `${place}: ${what} ${shown(before)} became ${shown(after)}`;
};
const shown = (value: unknown): string =>
  value === undefined ? "none" : typeof value === "string" ? value : JSON.stringify(value);

const typeBreaks = (pairing: Pairing): string[] => {
  const writer = pairing.writer["type"];
  const reader = pairing.reader["type"];
  const fits = reader === undefined || reader === writer || (reader === "number" && writer === "integer");
  return fits ? [] : [became(pairing, "type", { writer, reader })];
};

const valuesOf = (schema: Schema): unknown[] | undefined =>
  "const" in schema ? [schema["const"]] : (schema["enum"] as unknown[] | undefined);

const valueBreaks = (pairing: Pairing): string[] => {
  const read = valuesOf(pairing.reader);
  if (read === undefined) return [];
  const written = valuesOf(pairing.writer);
  if (written === undefined) return [became(pairing, "values", { writer: "any", reader: read })];
  const strange = written
    .filter((value) => !read.includes(value))
    .map(shown)
    .join(", ");
  if (strange === "") return [];
  return [
    pairing.side === "input"
      ? `${pairing.place}: value ${strange} removed`
      : `${pairing.place}: value ${strange} added, which older readers refuse`,
  ];
};

const LOWER = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const UPPER = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
const EXACT = [
  "pattern",
  "format",
  "multipleOf",
  "uniqueItems",
  "contentEncoding",
  "propertyNames",
  "allOf",
  "not",
  "prefixItems",
];

const boundBreaks = (pairing: Pairing): string[] => {
  const { writer, reader } = pairing;
  const isTighter = (keyword: string, sign: 1 | -1): boolean => {
    if (reader[keyword] === undefined) return false;
    return writer[keyword] === undefined || sign * (Number(reader[keyword]) - Number(writer[keyword])) > 0;
  };
  return [
    ...LOWER.filter((keyword) => isTighter(keyword, 1)),
    ...UPPER.filter((keyword) => isTighter(keyword, -1)),
    ...EXACT.filter(
      (keyword) => reader[keyword] !== undefined && !isDeepStrictEqual(reader[keyword], writer[keyword]),
    ),
  ].map((keyword) => became(pairing, keyword, { writer: writer[keyword], reader: reader[keyword] }));
};

const fieldsOf = (schema: Schema) => (schema["properties"] ?? {}) as Record<string, Schema>;
const requiredOf = (schema: Schema) => new Set((schema["required"] ?? []) as string[]);

const objectBreaks = (pairing: Pairing): string[] => {
  const { writer, reader } = pairing;
  const names = new Set([...Object.keys(fieldsOf(writer)), ...Object.keys(fieldsOf(reader))]);
  return [...[...names].flatMap((name) => fieldBreaks(pairing, name)), ...restBreaks(pairing)];
};

const fieldBreaks = (pairing: Pairing, name: string): string[] => {
  const { side, writer, reader } = pairing;
  const place = `${pairing.place}.${name}`;
  const written = fieldsOf(writer)[name];
  const read = fieldsOf(reader)[name];
  const isNeeded = requiredOf(reader).has(name);
  if (written === undefined) {
    if (side === "output") return [`${place}: field removed`];
    return isNeeded ? [`${place}: required field added`] : [];
  }
  if (read === undefined) {
    if (side === "input") return [`${place}: field removed`];
    return reader["additionalProperties"] === false
      ? [`${place}: field added, which older readers refuse`]
      : [];
  }
  const need = isNeeded && !requiredOf(writer).has(name);
  const says = side === "input" ? "became required" : "became optional";
  return [
    ...(need ? [`${place}: ${says}`] : []),
    ...schemaBreaks({ place, writer: written, reader: read, side }),
  ];
};

/** What an object may hold besides its named fields. */
const restBreaks = (pairing: Pairing): string[] => {
  const writer = pairing.writer["additionalProperties"] ?? true;
  const reader = pairing.reader["additionalProperties"] ?? true;
  if (reader === true || writer === false || isDeepStrictEqual(reader, writer)) return [];
  if (typeof reader === "object" && typeof writer === "object") {
    const pair = { writer: writer as Schema, reader: reader as Schema };
    return schemaBreaks({ ...pairing, ...pair, place: `${pairing.place}{}` });
  }
  return [became(pairing, "other fields", { writer, reader })];
};

const listBreaks = (pairing: Pairing): string[] => {
  const writer = pairing.writer["items"] as Schema | undefined;
  const reader = pairing.reader["items"] as Schema | undefined;
  if (reader === undefined) return [];
  return schemaBreaks({ ...pairing, writer: writer ?? {}, reader, place: `${pairing.place}[]` });
};
