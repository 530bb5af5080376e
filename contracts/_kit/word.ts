/** Words that every page needs. */
import { z } from "zod";

/** An input or output without fields. */
export const Nothing = z.strictObject({});
export const Done = z.object({});

/** How many pieces of one thing: 1 to 9,999. */
export const Pieces = z.int().min(1).max(9_999);

/** A line of text for people, without control characters. */
export const text = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u);
