import { Hono } from "hono";
import { z } from "zod";
import type { App } from "../parts.ts";
import type { HttpContext } from "./gate.ts";

/** An answer that is not 2xx, of the parts that speak JSON: `{ error: { code, message } }`. */
export class JsonRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const BODY_BYTES_MAX = 1024 * 1024;

/** Routes that answer a refusal in JSON; anything else that is thrown is our bug, and only our log hears of it. */
export const jsonRoutes = (): App => {
  const routes: App = new Hono();
  routes.onError((error, c) => {
    if (!(error instanceof JsonRefusal)) console.error("sandbox:", error);
    const { status, code, message } = error instanceof JsonRefusal ? error : broken();
    return c.json({ error: { code, message } }, status as 400);
  });
  return routes;
};

/** The body, decoded; no body at all is an empty object. */
export const bodyOf = async (c: HttpContext): Promise<unknown> => {
  if (Number(c.req.header("content-length") ?? 0) > BODY_BYTES_MAX) throw invalid("The body is too large.");
  const source = await c.req.text();
  try {
    return source === "" ? {} : (JSON.parse(source) as unknown);
  } catch {
    throw invalid("The body is not JSON.");
  }
};

export const read = <T>(schema: z.ZodType<T>, given: unknown): T => {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw invalid(z.prettifyError(result.error));
};

/** The body as this schema reads it. */
export const bodyAs = async <T>(c: HttpContext, schema: z.ZodType<T>): Promise<T> =>
  read(schema, await bodyOf(c));

const invalid = (message: string): JsonRefusal => new JsonRefusal(400, "invalid_request", message);

const broken = (): JsonRefusal => new JsonRefusal(500, "broken", "The emulator failed. Its log says why.");
