import { setTimeout as sleep } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import { newId } from "../money/shapes.ts";
import type { Call, Operation, World } from "../world.ts";
import type { Weather } from "../weather/faults.ts";
import { admit } from "./auth.ts";
import { broken, invalid, refused, StripeRefusal, unavailable } from "./errors.ts";
import { expand, expansionsOf } from "./expand.ts";
import { parseForm } from "./form.ts";
import type { Once, Reply } from "./idempotency.ts";

export type HttpContext = Context<{ Bindings: HttpBindings }>;

/** What the gate needs to know of the place it stands in. */
export type Gate = { world: World; once: Once; secretKey: string };

const BODY_BYTES_MAX = 1024 * 1024;
const KEY_LENGTH_MAX = 255;

/** Wraps an operation in everything that surrounds a Stripe request: weather, keys, decoding, idempotency. */
export const serve =
  (gate: Gate, operation: Operation, isOpenToBrowsers = false) =>
  async (c: HttpContext): Promise<Response> => {
    const weather = gate.world.faults.draw(c.req.method, c.req.path);
    const requestId = newId("req");
    const answer = await handle(gate, c, { operation, isOpenToBrowsers, weather, requestId }).catch(replyTo);
    if (!weather.isCut) return respond(c, answer, requestId);
    c.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  };

type Job = { operation: Operation; isOpenToBrowsers: boolean; weather: Weather; requestId: string };
type Answer = Reply & { isReplayed?: boolean; key?: string | undefined };

const handle = async (gate: Gate, c: HttpContext, job: Job): Promise<Answer> => {
  const source = await sourceOf(c);
  const params = parseForm(source);
  admit(c.req.header("authorization"), params, { ...gate, ...job });
  const key = c.req.method === "POST" ? keyOf(c) : undefined;
  const call: Call = {
    world: gate.world,
    id: c.req.param("id") ?? "",
    params,
    requestId: job.requestId,
    idempotencyKey: key ?? null,
  };
  const { latencyMs, isRefused, refusal } = job.weather;
  const operation = refusal === undefined ? job.operation : refusing(refusal);
  if (isRefused) throw unavailable();
  const run = async () => {
    if (latencyMs > 0) await sleep(latencyMs);
    return perform(operation, call);
  };
  if (key === undefined) return run();
  const fingerprint = source.split("&").toSorted().join("&");
  return { ...(await gate.once({ key, path: c.req.path, fingerprint }, run)), key };
};

const refusing = (code: string): Operation => {
  return () => {
    throw refused("Injected fault: refused.", { code });
  };
};

const perform = (operation: Operation, call: Call): Reply & { isKept: boolean } => {
  try {
    const expansions = expansionsOf(call.params);
    return { status: 200, body: expand(call.world, operation(call), expansions), isKept: true };
  } catch (error) {
    if (error instanceof StripeRefusal) return { ...replyTo(error), isKept: error.isKept };
    throw error;
  }
};

/** A refusal is an answer; anything else is our bug, and only our log hears of it. */
export const replyTo = (error: unknown): Reply => {
  if (!(error instanceof StripeRefusal)) console.error("sandbox:", error);
  const { status, body } = error instanceof StripeRefusal ? error : broken();
  return { status, body: { error: body } };
};

const respond = (c: HttpContext, { status, body, isReplayed, key }: Answer, requestId: string): Response => {
  const headers: Record<string, string> = { "content-type": "application/json", "request-id": requestId };
  const version = c.req.header("stripe-version");
  if (version !== undefined) headers["stripe-version"] = version;
  if (key !== undefined) headers["idempotency-key"] = key;
  if (isReplayed === true) headers["idempotent-replayed"] = "true";
  return c.body(JSON.stringify(body), status as 200, headers);
};

const sourceOf = async (c: HttpContext): Promise<string> => {
  if (c.req.method !== "POST") {
    const cut = c.req.url.indexOf("?");
    return cut < 0 ? "" : c.req.url.slice(cut + 1);
  }
  if (Number(c.req.header("content-length") ?? 0) > BODY_BYTES_MAX)
    throw invalid("The request body is too large.");
  const source = await c.req.text();
  const type = c.req.header("content-type") ?? "";
  if (source === "" || type.startsWith("application/x-www-form-urlencoded")) return source;
  throw invalid("Invalid request (check that your POST content type is application/x-www-form-urlencoded).");
};

const keyOf = (c: HttpContext): string | undefined => {
  const key = c.req.header("idempotency-key");
  if (key === undefined || (key !== "" && key.length <= KEY_LENGTH_MAX)) return key;
  throw invalid("Idempotency-Key must be 1 to 255 characters long.");
};
