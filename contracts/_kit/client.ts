/**
 * For the world outside: typed proxies over the Restate ingress, from the same pages that the modules implement.
 *
 *     const shop = connect({ ingress: "http://127.0.0.1:8080", token: () => accessToken });
 *     const view = await shop.call(Order).checkout({ attemptId: newAttemptId(), … });
 *     await shop.call(Checkout, view.checkoutId).look({});
 *
 * A refusal is thrown as a `RefusalError`; `isRefusal(error, StockRefusals.OUT_OF_STOCK)` narrows its data.
 */
import * as clients from "@restatedev/restate-sdk-clients";
import type { Contract, In, Out } from "./contract.ts";
import { fromMetadata, RefusalError } from "./refusal.ts";
import { MINUTE_MS } from "./time.ts";

export type ConnectOptions = {
  /** The Restate ingress, e.g. `http://127.0.0.1:8080`. */
  readonly ingress: string;
  /** The access token, or what gives the current one; absent for what anyone may call. */
  readonly token?: string | (() => string | undefined);
  /** How long to wait for one answer, ms; one minute if absent. The operation goes on after it. */
  readonly timeoutMs?: number;
  /** How often a request that met a broken connection or a 5xx is sent again; 5 if absent, 0 for never. */
  readonly retryCount?: number;
};

/** What was sent and may be waited for. */
export type Sent<O> = { readonly invocationId: string; readonly output?: O };

export type OutsideCalls<C extends Contract> = {
  [K in keyof C["_handlers"]]: (input: In<C, K>) => Promise<Out<C, K>>;
};
export type OutsideSends<C extends Contract> = {
  [K in keyof C["_handlers"]]: (input: In<C, K>) => Promise<Sent<Out<C, K>>>;
};

export type Shop = {
  /** Calls and waits for the answer. */
  call<C extends Contract>(contract: C, key?: string): OutsideCalls<C>;
  /** Hands the call over durably and does not wait for its answer. */
  send<C extends Contract>(contract: C, key?: string): OutsideSends<C>;
  /** Waits for the answer of what was sent, from this process or any other. */
  attach<O>(sent: Sent<O>): Promise<O>;
};

/** A name for one attempt to buy: make one a click, keep it for every repeat of that click. */
export const newAttemptId = (): string => crypto.randomUUID();

/** The answer was not one of the shop's: the connection failed, or the shop did. It may or may not have been done. */
export class ShopError extends Error {
  override readonly name = "ShopError";
}

export const connect = (options: ConnectOptions): Shop => {
  const { ingress, retryCount = 5, timeoutMs = MINUTE_MS } = options;
  const connection = clients.connect({
    url: ingress.replace(/\/$/, ""),
    retry: { maxAttempts: retryCount + 1 },
  });
  // A fresh key a call: a transport retry then finds the first one's answer. It is no business identity, see AttemptId.
  const callOptions = () => ({
    headers: bearer(options),
    idempotencyKey: crypto.randomUUID(),
    timeout: timeoutMs,
  });
  return {
    call: (contract, key) =>
      proxy((verb, input) =>
        target(connection.client(contract as never, key as never), verb)(
          input,
          clients.rpc.opts(callOptions()),
        ),
      ),
    send: (contract, key) =>
      proxy((verb, input) =>
        target(connection.sendClient(contract as never, key as never), verb)(
          input,
          clients.rpc.sendOpts(callOptions()),
        ),
      ),
    attach: <O>(sent: Sent<O>) => told(() => connection.result<O>({ ...sent, attachable: true } as never)),
  };
};

const bearer = ({ token }: ConnectOptions): Record<string, string> => {
  const value = typeof token === "function" ? token() : token;
  return value === undefined ? {} : { authorization: `Bearer ${value}` };
};

type Target = (input: unknown, options: unknown) => Promise<unknown>;
const target = (client: unknown, verb: string): Target => (client as Record<string, Target>)[verb] as Target;

const proxy = <T>(invoke: (verb: string, input: unknown) => Promise<unknown>): T =>
  new Proxy(
    {},
    {
      get: (_target, verb) => (input: unknown) => told(() => invoke(String(verb), input)),
    },
  ) as T;

/** Turns what the ingress answers into the shop's own words. */
const told = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof clients.HttpCallError))
      throw new ShopError(`The shop did not answer: ${String(error)}`, { cause: error });
    const { message, metadata } = readBody(error.responseText);
    const refused = fromMetadata(metadata, error.status, message);
    if (refused !== undefined) throw new RefusalError(refused);
    throw new ShopError(`The shop answered ${error.status}: ${message}`, { cause: error });
  }
};

const readBody = (text: string): { message: string; metadata?: Record<string, string> } => {
  try {
    return JSON.parse(text) as { message: string; metadata?: Record<string, string> };
  } catch {
    return { message: text.slice(0, 200) };
  }
};
