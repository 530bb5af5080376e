/**
 * A POST to a place that a user named. The host is resolved once, every address it has must be one that may be reached, and
 * the connection goes to these very addresses: a name that leads elsewhere a moment later leads nobody there. Redirects are
 * answers like any other.
 */
import { lookup, type LookupAddress } from "node:dns";
import { request as plainRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { request as secureRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { type Allowance, mayReach } from "./addresses.ts";
import { hostOf, urlFault } from "./url.ts";

/** Every address of a host. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export type Posting = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For all of it: resolving, connecting, and the answer to its end. */
  readonly withinMs: number;
};

/** `forbidden`: it leads where nobody may go. The other two say that no answer came. */
export type Posted =
  | { readonly status: number }
  | { readonly fault: "forbidden" | "unreachable" | "timeout" };

export type WayOut = { readonly allow: Allowance; readonly resolve?: Resolve };

/** Of an answer nobody reads more than its status; so much is waited for, that its sender is not cut off. */
const ANSWER_BYTES_MAX = 64 * 1024;

export const post = async (posting: Posting, { allow, resolve = bySystem }: WayOut): Promise<Posted> => {
  if (urlFault(posting.url, allow) !== undefined) return { fault: "forbidden" };
  const url = new URL(posting.url);
  const host = hostOf(url);
  const signal = AbortSignal.timeout(posting.withinMs);
  try {
    const addresses = await unlessOver(resolve(host), signal);
    const isOpen = addresses.length > 0 && addresses.every(({ address }) => mayReach(address, host, allow));
    if (!isOpen) return { fault: "forbidden" };
    return { status: await exchange(url, posting, { addresses, signal }) };
  } catch {
    return { fault: signal.aborted ? "timeout" : "unreachable" };
  }
};

const bySystem: Resolve = (host) =>
  new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });

/** A resolver cannot be told to stop, but nobody has to wait for it. */
const unlessOver = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("It took too long.")), { once: true });
    work.then(resolve, reject);
  });

type Checked = { readonly addresses: readonly LookupAddress[]; readonly signal: AbortSignal };

const exchange = (url: URL, { headers, body }: Posting, { addresses, signal }: Checked): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = url.protocol === "https:" ? secureRequest : plainRequest;
    const options = {
      method: "POST",
      headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
      // A connection of its own: none is kept that an earlier check let through.
      agent: false,
      lookup: only(addresses),
      signal,
    } as const;
    const outgoing: ClientRequest = request(url, options, (answer) => settle(answer, resolve));
    outgoing.on("error", reject);
    outgoing.end(body);
  });

/** Gives the addresses that were checked, whatever the name leads to by now. */
const only =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (_host, { all }, done) => {
    if (all) done(null, [...addresses]);
    else done(null, addresses[0]?.address ?? "", addresses[0]?.family);
  };

/** The status counts, however the body ends. */
const settle = (answer: IncomingMessage, done: (status: number) => void): void => {
  let bytes = 0;
  answer.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) answer.destroy();
  });
  answer.on("error", () => undefined);
  answer.on("close", () => done(answer.statusCode ?? 0));
};
