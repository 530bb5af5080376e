import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Stripe } from "stripe";
import { type Sandbox, type SandboxOptions, startSandbox } from "./server.ts";

export const SECRET_KEY = "sk_test_stage";
export const WEBHOOK_SECRET = "whsec_stage";

/** A sandbox with the real client before it, for tests. `await using` takes it down. */
export type Stage = {
  sandbox: Sandbox;
  stripe: Stripe;
  /** A call of the controls; gives the decoded answer. */
  control<T = unknown>(route: string, body?: object): Promise<T>;
  [Symbol.asyncDispose](): Promise<void>;
};

export const openStage = async (options: Partial<SandboxOptions> = {}): Promise<Stage> => {
  const sandbox = await startSandbox({ secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, ...options });
  return {
    sandbox,
    stripe: clientOf(sandbox),
    control: async <T>(route: string, body?: object) => {
      const [method = "", path = ""] = route.split(" ");
      const given = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(sandbox.url + path, { method, ...given });
      return (await response.json()) as T;
    },
    [Symbol.asyncDispose]: () => sandbox.stop(),
  };
};

export const clientOf = (sandbox: Sandbox, key = SECRET_KEY, retries = 2): Stripe =>
  new Stripe(key, {
    host: "127.0.0.1",
    port: sandbox.port,
    protocol: "http",
    maxNetworkRetries: retries,
    telemetry: false,
  });

/** What a call was refused with. */
export const refusalOf = async (call: Promise<unknown>): Promise<Stripe.errors.StripeError> => {
  const error = await call.then(
    () => new Error("it was not refused"),
    (refusal: unknown) => refusal,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw error;
};

export type Received = {
  body: string;
  headers: IncomingHttpHeaders;
  /** Stripe's. */
  signature: string;
  atMs: number;
  event: Stripe.Event;
};

/** A webhook endpoint that keeps what it gets and answers as it is told. */
export type Endpoint = { url: string; received: Received[]; [Symbol.asyncDispose](): Promise<void> };

export const openEndpoint = async (answer: (count: number) => number = () => 200): Promise<Endpoint> => {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const { headers } = request;
      const signature = String(headers["stripe-signature"]);
      const event = JSON.parse(body) as Stripe.Event;
      received.push({ body, headers, signature, atMs: performance.now(), event });
      response.statusCode = answer(received.length);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
    received,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const LOOK_EVERY_MS = 10;
const LOOK_FOR_MS = 5_000;

/** Waits until a fact is true, and fails loudly when it never is. */
export const until = async (isTrue: () => boolean): Promise<void> => {
  const endAt = performance.now() + LOOK_FOR_MS;
  while (!isTrue()) {
    if (performance.now() > endAt) throw new Error(`not true in time: ${isTrue.toString()}`);
    await sleep(LOOK_EVERY_MS);
  }
};
