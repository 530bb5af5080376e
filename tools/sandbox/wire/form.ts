import { invalid } from "./errors.ts";

/** A decoded x-www-form-urlencoded body or query: `a[b]=c` becomes `{ a: { b: "c" } }`. */
export type Form = { [name: string]: Form | string };

const DEPTH_MAX = 6;
const NAME = /^[^[\]]+(?:\[[^[\]]*\])*$/;

/** Reads the nested form encoding that Stripe's clients write. Lists arrive as `a[0]=` or `a[]=`. */
export const parseForm = (source: string): Form => {
  const form = emptyForm();
  if (source === "") return form;
  for (const pair of source.split("&")) {
    const cut = pair.indexOf("=");
    const name = decode(cut < 0 ? pair : pair.slice(0, cut));
    if (name === "") continue;
    place(form, namesIn(name), cut < 0 ? "" : decode(pair.slice(cut + 1)));
  }
  return form;
};

// No prototype, so a field called __proto__ is only a field.
export const emptyForm = (): Form => Object.create(null) as Form;

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.includes("+") ? text.replaceAll("+", " ") : text);
  } catch {
    throw invalid("Invalid request body: it is not x-www-form-urlencoded.");
  }
};

const namesIn = (name: string): string[] => {
  if (!name.includes("[") && !name.includes("]")) return [name];
  if (!NAME.test(name)) throw invalid(`Invalid parameter name: ${name.slice(0, 80)}`);
  const names = name.slice(0, -1).split(/\]?\[/);
  if (names.length > DEPTH_MAX) throw invalid(`Parameter nested too deeply: ${name.slice(0, 80)}`);
  return names;
};

const place = (form: Form, names: string[], value: string): void => {
  let room = form;
  for (const [depth, name] of names.entries()) {
    const key = name === "" ? String(Object.keys(room).length) : name;
    if (depth === names.length - 1) {
      room[key] = value;
      return;
    }
    room[key] ??= emptyForm();
    const next = room[key];
    if (typeof next === "string") throw invalid(`Invalid object: ${names[0]}`, { param: names[0] });
    room = next;
  }
};
