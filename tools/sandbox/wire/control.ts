import { z } from "zod";
import { newId } from "../money/shapes.ts";
import type { Call, World } from "../world.ts";
import { invalid } from "./errors.ts";
import { emptyForm } from "./form.ts";
import type { HttpContext } from "./gate.ts";

/** A call that no client made: a lever did. */
export const callFor = (world: World, id: string): Call => ({
  world,
  id,
  params: emptyForm(),
  requestId: newId("req"),
  idempotencyKey: null,
});

/** The body of a lever: JSON, or the form of a page; no body at all is an empty object. */
export const bodyOf = async (c: HttpContext): Promise<unknown> => {
  const source = await c.req.text();
  if (c.req.header("content-type")?.startsWith("application/x-www-form-urlencoded") === true) {
    return Object.fromEntries(new URLSearchParams(source));
  }
  try {
    return source === "" ? {} : (JSON.parse(source) as unknown);
  } catch {
    throw invalid("Invalid request body: it is not JSON.");
  }
};

export const read = <T>(schema: z.ZodType<T>, given: unknown): T => {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw invalid(z.prettifyError(result.error));
};
