/** The kinds of variables there are, with what to say when one is wrong. */
import { z } from "zod";

export const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
    );

export const secret = z
  .string()
  .regex(/^\S{8,}$/, "must have 8 characters at least, and no spaces: an empty secret protects nothing");

const UNITS = "must be a whole number of currency units";
export const units = z.coerce.number(UNITS).int(UNITS).min(0, UNITS);
