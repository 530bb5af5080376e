/** Spoils good inputs, one thing at a time, in the ways that clients, proxies and enemies do. */
import fc from "fast-check";

export type Garbled = { readonly what: string; readonly body: string; readonly contentType: string };

const HUGE_LENGTH = 100_000;
const MANY = 5_000;
const DEPTH = 2_000;
const JSON_TYPE = "application/json";

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

/** Values that are wrong almost everywhere, as JSON text: some of them no JavaScript value can say. */
const WRONG: Readonly<Record<string, string>> = {
  null: "null",
  true: "true",
  zero: "0",
  negative: "-1",
  fraction: "1.5",
  "beyond a safe integer": "9007199254740993",
  "beyond a double": "1e999",
  "a large number": "1e300",
  "no text": '""',
  "a word": '"nonsense"',
  "a huge text": JSON.stringify("x".repeat(HUGE_LENGTH)),
  "a lone surrogate": '"\\ud800"',
  "a NUL": '"\\u0000"',
  "a bell and a right-to-left override": '"\\u0007\\u202e"',
  "astral letters": '"𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍👩‍👧‍👦"',
  SQL: `"' or 1=1; drop table account.account; --"`,
  "a list": "[]",
  "a list of itself": "[[[]]]",
  "a long list": JSON.stringify(Array.from({ length: MANY }, () => ({ skuId: "x" }))),
  "a deep list": nested(DEPTH),
  "an object": "{}",
  "a prototype": '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{}}}',
};

/** Bodies that are wrong as a whole. */
const BODIES: readonly Garbled[] = [
  { what: "no body", body: "", contentType: JSON_TYPE },
  { what: "a space", body: " ", contentType: JSON_TYPE },
  { what: "half an object", body: '{"a":', contentType: JSON_TYPE },
  { what: "words", body: "undefined", contentType: JSON_TYPE },
  { what: "two objects", body: "{}{}", contentType: JSON_TYPE },
  { what: "a comment", body: "{}//", contentType: JSON_TYPE },
  { what: "not a number", body: "NaN", contentType: JSON_TYPE },
  { what: "a byte order mark alone", body: "\ufeff", contentType: JSON_TYPE },
  { what: "markup", body: "<order/>", contentType: "application/xml" },
  { what: "a form", body: "a=1&b=2", contentType: "application/x-www-form-urlencoded" },
  { what: "text", body: "hello", contentType: "text/plain" },
  { what: "deep nesting", body: nested(DEPTH), contentType: JSON_TYPE },
  ...Object.entries(WRONG).map(([what, body]) => ({
    what: `${what} at the root`,
    body,
    contentType: JSON_TYPE,
  })),
];

/** A place in a value: the fields and indices that lead there. */
type Path = readonly (string | number)[];

const pathsIn = (value: unknown, path: Path = []): Path[] => {
  if (value === null || typeof value !== "object") return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => pathsIn(part, [...path, key]))];
};

/** JSON text of a value with `text` put at one place. */
const withText = (value: unknown, path: Path, text: string): string => {
  const [head, ...rest] = path;
  if (head === undefined) return text;
  const parts = Object.entries(value as object).map(([key, part]) => {
    const inner = key === head ? withText(part, rest, text) : JSON.stringify(part);
    return Array.isArray(value) ? inner : `${JSON.stringify(key)}:${inner}`;
  });
  return Array.isArray(value) ? `[${parts.join(",")}]` : `{${parts.join(",")}}`;
};

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((part, key) => (part as Record<string | number, unknown>)[key], value);

type Spoil = (value: unknown, path: Path) => { what: string; body: string };

const spoils: readonly Spoil[] = [
  ...Object.entries(WRONG).map(
    ([what, text]): Spoil =>
      (value, path) => ({ what: `${what} at /${path.join("/")}`, body: withText(value, path, text) }),
  ),
  (value, path) => {
    const parent = path.slice(0, -1);
    const { [String(path.at(-1))]: _gone, ...rest } = (at(value, parent) ?? {}) as Record<string, unknown>;
    return { what: `nothing at /${path.join("/")}`, body: withText(value, parent, JSON.stringify(rest)) };
  },
  ...["surplus", "__proto__", "constructor", "\ud800", "toString"].map(
    (name): Spoil =>
      (value, path) => {
        const here = at(value, path);
        const text = JSON.stringify(here) ?? "null";
        const field = `${JSON.stringify(name)}:{"isAdmin":true}`;
        const body = text === "{}" ? `{${field}}` : text.replace(/\}$/, `,${field}}`);
        return {
          what: `a field ${JSON.stringify(name)} more at /${path.join("/")}`,
          body: withText(value, path, body),
        };
      },
  ),
  (value, path) => {
    const text = JSON.stringify(at(value, path)) ?? "null";
    return { what: `a list around /${path.join("/")}`, body: withText(value, path, `[${text}]`) };
  },
  (value, path) => {
    const text = JSON.stringify(at(value, path)) ?? "null";
    return { what: `a text of /${path.join("/")}`, body: withText(value, path, JSON.stringify(text)) };
  },
];

const spoiled = (good: fc.Arbitrary<unknown>): fc.Arbitrary<Garbled> =>
  fc.tuple(good, fc.nat(), fc.nat(spoils.length - 1)).map(([value, place, kind]) => {
    const paths = pathsIn(value);
    const spoil = spoils[kind] as Spoil;
    return { ...spoil(value, paths[place % paths.length] ?? []), contentType: JSON_TYPE };
  });

/** One good input with every thing wrong at every place, one at a time. */
export const everyGarble = (value: unknown): Garbled[] =>
  pathsIn(value).flatMap((path) =>
    spoils.map((spoil) => ({ ...spoil(value, path), contentType: JSON_TYPE })),
  );

/** Mostly one thing wrong deep inside, sometimes everything. Some may still be good: whoever asks filters those out. */
export const garbled = (good: fc.Arbitrary<unknown>): fc.Arbitrary<Garbled> =>
  fc.oneof({ weight: 3, arbitrary: spoiled(good) }, { weight: 1, arbitrary: fc.constantFrom(...BODIES) });
