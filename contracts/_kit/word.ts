/** Words that every page needs. */
import { z } from "zod";

/** An input or output without fields. */
export const Nothing = z.strictObject({});
export const Done = z.object({});

/** How many pieces of one thing: 1 to 9,999. */
export const Pieces = z.int().min(1).max(9_999);

/** Patterns stay within what every JSON Schema reader understands: no Unicode classes, no surrogates. */
const isWellFormed = (value: string): boolean => value.isWellFormed();

/** A line of text for people, without control characters. */
export const text = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    // oxlint-disable-next-line no-control-regex -- control characters are what it keeps out
    .regex(/^[^\x00-\x1f\x7f-\x9f]*$/)
    .refine(isWellFormed, "must be well-formed Unicode");

/** Text of several lines. */
export const prose = (lengthMax: number) =>
  z
    .string()
    .max(lengthMax)
    // oxlint-disable-next-line no-control-regex -- control characters are what it keeps out
    .regex(/^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$/)
    .refine(isWellFormed, "must be well-formed Unicode");
