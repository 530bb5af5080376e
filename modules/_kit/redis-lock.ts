/** The Lock port on Redis: ioredis and redlock, whose `using` extends the lease for as long as the work takes. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import type { Redis } from "ioredis";
import Redlock, { ExecutionError, ResourceLockedError, type Settings } from "redlock";
import type { Lock } from "./lock.ts";
import type { Log } from "./log.ts";
import { CONNECT_WITHIN_MS, connectRedis } from "./redis.ts";

export type RedisLock = Lock & {
  /** Aborts the work under every lock held here, waits a little for it to stop, and lets go of Redis. */
  close(): Promise<void>;
};

/** After a process dies its locks stand for this long. */
export const LEASE_MS = 10 * SECOND_MS;

/** What is stopped has this long to let go of its lock; what does not leaves it to the end of its lease. */
const RELEASE_WITHIN_MS = 2 * SECOND_MS;

/** How often somebody who waits asks again. */
const ASK_EVERY_MS = 50;

/**
 * How a lease is spent. It counts as over a tenth early: the last try to extend it, with both its commands at
 * their time limit, ends before Redis can give the lock to another.
 */
const timesOf = (leaseMs: number) => ({
  extendBeforeEndMs: Math.floor(leaseMs / 2),
  earlyFactor: 0.1,
  commandMs: Math.ceil(leaseMs / 25),
  betweenTriesMs: Math.ceil(leaseMs / 100),
});

/** Without a url every `using` is a fault that says which setting is missing. */
export const openRedisLock = (redisUrl: string | undefined, log: Log, leaseMs = LEASE_MS): RedisLock =>
  redisUrl === undefined ? noLock : redisLock(redisUrl, log, leaseMs);

const noLock: RedisLock = {
  using: (name) =>
    Promise.reject(new Error(`The lock "${name}" cannot be taken: there is no Redis. Set REDIS_URL.`)),
  close: () => Promise.resolve(),
};

const redisLock = (redisUrl: string, log: Log, leaseMs: number): RedisLock => {
  const client = connectRedis(redisUrl, log, { name: "lock", commandMs: timesOf(leaseMs).commandMs });
  const uses = new Map<Holding, Promise<unknown>>();
  let isClosed = false;
  return {
    using: async (name, waitMs, work) => {
      if (isClosed) throw new Error(`The lock "${name}" cannot be taken: this process is closing`);
      await untilReady(client, name);
      const holding = new Holding(name, log);
      const use = useRedlock(holding, { client, leaseMs, waitMs }, work);
      uses.set(holding, use);
      try {
        return await use;
      } finally {
        uses.delete(holding);
      }
    },
    close: async () => {
      isClosed = true;
      for (const holding of uses.keys()) holding.lose("this process is closing");
      await Promise.race([
        Promise.allSettled(uses.values()),
        sleep(RELEASE_WITHIN_MS, undefined, { ref: false }),
      ]);
      client.disconnect();
    },
  };
};

const untilReady = async (client: Redis, name: string): Promise<void> => {
  if (client.status === "ready") return;
  try {
    await once(client, "ready", { signal: AbortSignal.timeout(CONNECT_WITHIN_MS) });
  } catch (error) {
    throw new Error(`The lock "${name}" cannot be taken: Redis does not answer`, { cause: error });
  }
};

type Ask = { readonly client: Redis; readonly leaseMs: number; readonly waitMs: number };

/** A redlock of its own for each use: what it reports then is about this lock and no other. */
const useRedlock = async <T>(
  holding: Holding,
  { client, leaseMs, waitMs }: Ask,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> => {
  const { extendBeforeEndMs, earlyFactor, betweenTriesMs } = timesOf(leaseMs);
  const redlock = new Redlock([client], {
    driftFactor: earlyFactor,
    automaticExtensionThreshold: extendBeforeEndMs,
    retryCount: 1,
    retryDelay: betweenTriesMs,
    retryJitter: 0,
  });
  redlock.on("error", (error) => holding.heard(error));
  let outcome: Outcome<T> | undefined;
  try {
    await redlock.using([`lock:${holding.name}`], leaseMs, patience(waitMs), async (signal) => {
      signal.addEventListener("abort", () => holding.lose("its lease could not be extended"));
      outcome = await outcomeOf(() => holding.run(work));
    });
  } catch (error) {
    // Once the work is over only the release is left to fail: the lease then ends by itself.
    if (outcome === undefined) return await busyOrFault(error);
  }
  return opened(outcome);
};

const patience = (waitMs: number): Partial<Settings> => {
  const retryDelay = Math.max(1, Math.min(ASK_EVERY_MS, waitMs));
  return { retryCount: Math.ceil(waitMs / retryDelay), retryDelay, retryJitter: Math.floor(retryDelay / 2) };
};

/** Undefined when the last answer was that another holds it; anything else is thrown as it came. */
const busyOrFault = async (error: unknown): Promise<undefined> => {
  if (!(error instanceof ExecutionError)) throw error;
  const last = await error.attempts.at(-1);
  const [answer] = last?.votesAgainst.values() ?? [];
  if (answer instanceof ResourceLockedError) return undefined;
  throw answer ?? error;
};

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

const outcomeOf = async <T>(work: () => Promise<T>): Promise<Outcome<T>> => {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
};

const opened = <T>(outcome: Outcome<T> | undefined): T | undefined => {
  if (outcome === undefined) return undefined;
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
};

/** One lock while its work runs. */
class Holding {
  readonly name: string;
  readonly #log: Log;
  readonly #controller = new AbortController();
  #isRunning = false;

  constructor(name: string, log: Log) {
    this.name = name;
    this.#log = log;
  }

  async run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#isRunning = true;
    try {
      return await work(this.#controller.signal);
    } finally {
      this.#isRunning = false;
    }
  }

  /** While the work runs only extensions are asked of Redis: a refused one means that the lock is another's. */
  heard(error: unknown): void {
    if (error instanceof ResourceLockedError) this.lose("Redis says it is not ours any more");
  }

  lose(why: string): void {
    if (!this.#isRunning || this.#controller.signal.aborted) return;
    this.#log.warn({ lock: this.name, why }, "a lock was lost while its work ran");
    this.#controller.abort(new Error(`The lock "${this.name}" was lost: ${why}.`));
  }
}
