/** Values that fit a schema, read off its JSON Schema. */
import fc from "fast-check";
import { z } from "zod";

type Json = { readonly [keyword: string]: unknown };

export const fitting = (schema: z.ZodType): fc.Arbitrary<unknown> =>
  arbitraryOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Json).filter(
    (value) => schema.safeParse(value).success,
  );

const arbitraryOf = (schema: Json): fc.Arbitrary<unknown> => {
  const { enum: values, type } = schema;
  const alternatives = (schema["anyOf"] ?? schema["oneOf"]) as Json[] | undefined;
  if ("const" in schema) return fc.constant(schema["const"]);
  if (values !== undefined) return fc.constantFrom(...(values as unknown[]));
  if (alternatives !== undefined) return fc.oneof(...alternatives.map(arbitraryOf));
  if (type === "object") return objects(schema);
  if (type === "array") return arrays(schema);
  if (type === "string") return strings(schema);
  if (type === "integer" || type === "number") return integers(schema);
  if (type === "boolean") return fc.boolean();
  if (type === "null") return fc.constant(null);
  return fc.jsonValue({ maxDepth: 2 });
};

/** A dictionary's values stay small: what is wrong with it is for the garbler to make. */
const KEY_COUNT_MAX = 4;
const TEXT_LENGTH_MAX = 40;
const ITEM_COUNT_MAX = 4;

const objects = (schema: Json): fc.Arbitrary<unknown> => {
  const properties = (schema["properties"] ?? {}) as Record<string, Json>;
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, arbitraryOf(field)]),
  );
  const rest = schema["additionalProperties"];
  if (Object.keys(fields).length === 0 && typeof rest === "object") {
    const key = fc.string({ minLength: 1, maxLength: 10, unit: "grapheme-ascii" });
    return fc.dictionary(key, arbitraryOf(rest as Json), { maxKeys: KEY_COUNT_MAX, noNullPrototype: true });
  }
  return fc.record(fields, { requiredKeys: (schema["required"] ?? []) as string[], noNullPrototype: true });
};

const arrays = (schema: Json): fc.Arbitrary<unknown> => {
  const least = Number(schema["minItems"] ?? 0);
  const most = Math.min(Number(schema["maxItems"] ?? ITEM_COUNT_MAX), least + ITEM_COUNT_MAX);
  return fc.array(arbitraryOf((schema["items"] ?? {}) as Json), { minLength: least, maxLength: most });
};

const strings = ({ format, pattern, minLength, maxLength }: Json): fc.Arbitrary<string> => {
  if (format === "date-time")
    return fc.integer({ min: 0, max: 4e9 }).map((seconds) => new Date(seconds * 1_000).toISOString());
  if (format === "email") return fc.stringMatching(/^[a-z]{3,10}@[a-z]{3,10}\.example$/);
  const least = Number(minLength ?? 0);
  const most = Number(maxLength ?? Number.POSITIVE_INFINITY);
  const isIn = (text: string): boolean => text.length >= least && text.length <= most;
  // Patterns of text only keep control characters out; the others say what an id or a code looks like.
  if (typeof pattern !== "string" || pattern.startsWith("^[^"))
    return fc
      .string({ unit: "grapheme", minLength: least, maxLength: Math.min(most, least + TEXT_LENGTH_MAX) })
      .filter(isIn);
  return fc.stringMatching(new RegExp(pattern)).filter(isIn);
};

const integers = ({ minimum, maximum }: Json): fc.Arbitrary<number> =>
  fc
    .bigInt({
      min: BigInt(Number(minimum ?? -Number.MAX_SAFE_INTEGER)),
      max: BigInt(Number(maximum ?? Number.MAX_SAFE_INTEGER)),
    })
    .map(Number);
