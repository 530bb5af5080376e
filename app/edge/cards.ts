/** Serves the operations that carry an http card: finds the card, shapes the input, passes it on. No logic lives here. */
import type { Context, Hono } from "hono";
import type { Contract, Operation } from "@shopnexus/contracts/kit/contract";
import { CommonRefusals, RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { z } from "zod";
import { withoutParameters } from "#db/_kit/fault.ts";
import { parseInput } from "#modules/_kit/parse.ts";
import type { Host, Served } from "../host.ts";
import { fault, heardOf, noAnswer, problem } from "./problem.ts";

/** A handler that takes longer goes on; the caller may ask again. */
const INGRESS_WAIT_MS = MINUTE_MS;

type Card = {
  host: Host;
  served: Served;
  contract: Contract;
  verb: string;
  operation: Operation;
  path: string;
};

export const serveCards = (app: Hono, host: Host): void => {
  for (const served of host.served) {
    const { contract } = served.component;
    for (const [verb, operation] of Object.entries(contract._handlers)) {
      if (operation.card.http === undefined) continue;
      const [method = "", path = ""] = operation.card.http.split(" ");
      const card = { host, served, contract, verb, operation, path };
      app.on(method, path.replace(/\{(\w+)\}/g, ":$1"), (c) => answer(c, card));
    }
  }
};

const answer = async (c: Context, card: Card): Promise<Response> => {
  try {
    const shaped = await shape(c, card);
    return card.operation.kind === "read"
      ? await readHere(c, card, shaped.input)
      : await passOn(c, card, shaped);
  } catch (error) {
    if (error instanceof RefusalError) return problem(c, error.refused);
    card.host.log.error(
      { reason: String(withoutParameters(error)), operation: `${card.contract.name}/${card.verb}` },
      "the edge failed",
    );
    return fault(c, "FAULT");
  }
};

type Shaped = { key: string | undefined; input: Record<string, unknown> };

/** Path parameters, then query (GET) or body. Of a workflow the first path parameter is the key, not a field. */
const shape = async (c: Context, { contract, operation, path }: Card): Promise<Shaped> => {
  const params = [...path.matchAll(/\{(\w+)\}/g)].map(
    ([, name = ""]) => [name, c.req.param(name) ?? ""] as const,
  );
  const key = contract._kind === "workflow" ? params.shift()?.[1] : undefined;
  const sent = c.req.method === "GET" ? queryOf(c, operation) : await bodyOf(c);
  const attempt = c.req.header("idempotency-key");
  const attemptId = attempt !== undefined && "attemptId" in fieldsOf(operation) ? { attemptId: attempt } : {};
  return { key, input: { ...attemptId, ...sent, ...Object.fromEntries(params) } };
};

const fieldsOf = ({ input }: Operation): Record<string, unknown> =>
  input instanceof z.ZodObject ? input.shape : {};

/** Query values are text; where the contract wants a number, a number is read. */
const queryOf = (c: Context, operation: Operation): Record<string, unknown> => {
  const fields = fieldsOf(operation);
  return Object.fromEntries(
    Object.entries(c.req.query()).map(([name, value]) => [
      name,
      wantsNumber(fields[name]) ? Number(value) : value,
    ]),
  );
};

const wantsNumber = (field: unknown): boolean =>
  field instanceof z.ZodNumber || (field instanceof z.ZodOptional && field.unwrap() instanceof z.ZodNumber);

const bodyOf = async (c: Context): Promise<Record<string, unknown>> => {
  const text = await c.req.text();
  if (text === "") return {};
  try {
    const body: unknown = JSON.parse(text);
    if (body !== null && typeof body === "object" && !Array.isArray(body))
      return body as Record<string, unknown>;
  } catch {
    // Told below, with everything else that is no object.
  }
  const issues = [{ path: "/", says: "The body must be one JSON object." }];
  throw refuse(CommonRefusals.INVALID_INPUT, { issues });
};

/** Reads of a hosted module need no journal: they are answered in this process. */
const readHere = async (
  c: Context,
  { host, served, verb, operation }: Card,
  sent: unknown,
): Promise<Response> => {
  const callKey = crypto.randomUUID();
  const who = await host.authenticate(operation.card, c.req.header("authorization"), callKey);
  const input = parseInput(operation.input, sent);
  const work = served.hosted.handlers[verb];
  return c.json((await work?.(input as never, served.hosted.scene(who, callKey))) as object);
};

const passOn = async (c: Context, card: Card, { key, input }: Shaped): Promise<Response> => {
  const { host, contract, verb } = card;
  const place = [contract.name, ...(key === undefined ? [] : [encodeURIComponent(key)]), verb].join("/");
  const authorization = c.req.header("authorization");
  const response = await askIngress({
    url: `${host.config.restate.ingressUrl}/${place}`,
    authorization,
    input,
    waitMs: INGRESS_WAIT_MS,
  });
  const heard = await heardOf(response);
  return "text" in heard
    ? c.body(heard.text, 200, { "content-type": "application/json" })
    : noAnswer(c, heard);
};

type Asked = { url: string; authorization?: string | undefined; input: unknown; waitMs: number };

/** Undefined when nobody answers. A caller's idempotency key is never passed on: Restate's ignores account and body. */
export const askIngress = async (asked: Asked): Promise<Response | undefined> => {
  const { url, authorization, input, waitMs } = asked;
  try {
    return await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...(authorization !== undefined && { authorization }) },
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(waitMs),
    });
  } catch {
    return undefined;
  }
};
