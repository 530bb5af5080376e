import { invalid } from "./errors.ts";
import { emptyForm, type Form } from "./form.ts";

const TEXT_LENGTH_MAX = 5_000;
const METADATA_KEYS_MAX = 50;
const METADATA_KEY_LENGTH_MAX = 40;
const METADATA_VALUE_LENGTH_MAX = 500;

// Every endpoint takes these; `key` and `client_secret` come from a browser.
const EVERYWHERE = new Set(["expand", "key", "client_secret"]);

/** Refuses a parameter the endpoint does not know, as Stripe does: a typo must not pass here and fail there. */
export const only = (form: Form, names: ReadonlySet<string>): void => {
  for (const name of Object.keys(form)) {
    if (names.has(name) || EVERYWHERE.has(name)) continue;
    throw invalid(`Received unknown parameter: ${name.slice(0, 80)}`, {
      code: "parameter_unknown",
      param: name,
    });
  }
};

export const text = (form: Form, name: string): string | undefined => {
  const value = form[name];
  if (value === undefined || value === "") return undefined;
  if (typeof value !== "string") throw invalid(`Invalid string: ${name}`, { param: name });
  if (value.length > TEXT_LENGTH_MAX) throw invalid(`Invalid string: ${name} is too long`, { param: name });
  return value;
};

export const required = (form: Form, name: string): string => {
  const value = text(form, name);
  if (value !== undefined) return value;
  throw invalid(`Missing required param: ${name}.`, { code: "parameter_missing", param: name });
};

export const integer = (form: Form, name: string, min: number): number | undefined => {
  const value = text(form, name);
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(parsed)) {
    throw invalid(`Invalid integer: ${value.slice(0, 80)}`, {
      code: "parameter_invalid_integer",
      param: name,
    });
  }
  if (parsed >= min) return parsed;
  throw invalid(`This value must be greater than or equal to ${min}.`, {
    code: "parameter_invalid_integer",
    param: name,
  });
};

export const flag = (form: Form, name: string): boolean => {
  const value = text(form, name) ?? "false";
  if (value === "true" || value === "false") return value === "true";
  throw invalid(`Invalid boolean: ${value.slice(0, 80)}`, { param: name });
};

export const choice = <T extends string>(form: Form, name: string, options: readonly T[]): T | undefined => {
  const value = text(form, name);
  if (value === undefined) return undefined;
  const found = options.find((option) => option === value);
  if (found !== undefined) return found;
  throw invalid(`Invalid ${name}: must be one of ${options.join(", ")}`, { param: name });
};

/** What a list parameter holds: `expand[0]=a&expand[1]=b`. */
export const texts = (form: Form, name: string): string[] => {
  const value = form[name];
  if (value === undefined || value === "") return [];
  const list = typeof value === "string" ? [value] : Object.values(value);
  return list.map((item) => {
    if (typeof item === "string") return item;
    throw invalid(`Invalid array: ${name}`, { param: name });
  });
};

/** Metadata after the request: keys are merged, an empty value removes its key, an empty field removes all. */
export const metadata = (form: Form, before: Record<string, string> = {}): Record<string, string> => {
  const given = form["metadata"];
  if (given === undefined) return before;
  if (given === "") return {};
  if (typeof given === "string") throw invalid("Invalid object: metadata", { param: "metadata" });
  const after: Form = Object.assign(emptyForm(), before);
  for (const [key, value] of Object.entries(given)) {
    const param = `metadata[${key}]`;
    if (typeof value !== "string") throw invalid("Metadata values must be strings.", { param });
    if (key.length > METADATA_KEY_LENGTH_MAX)
      throw invalid("Metadata keys can be 40 characters long.", { param });
    if (value.length > METADATA_VALUE_LENGTH_MAX)
      throw invalid("Metadata values can be 500 characters long.", { param });
    if (value === "") delete after[key];
    else after[key] = value;
  }
  if (Object.keys(after).length > METADATA_KEYS_MAX) {
    throw invalid("Metadata can hold 50 keys.", { param: "metadata" });
  }
  return after as Record<string, string>;
};
