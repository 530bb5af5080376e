import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startStack } from "#tools/dev/stack.ts";
import { testFolder } from "#tools/testkit/folders.ts";
import { openLog } from "./log.ts";
import { openRedisLock, type RedisLock } from "./redis-lock.ts";

const log = openLog("silent", {});
const LEASE_MS = 1_000;
const redisUrl = inject("redisUrl");

/** Work that lasts until it is told to stop; gives why. */
const untilAborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((stop) => signal.addEventListener("abort", () => stop(signal.reason), { once: true }));

let count = 0;
const freshName = (): string => `test-${process.pid}-${(count += 1)}`;

describe.skipIf(redisUrl === undefined)("with a Redis", () => {
  /** With the lease of the product, which no busy machine outlasts. */
  let calm: RedisLock;
  let lock: RedisLock;
  let other: RedisLock;
  let redis: Redis;

  beforeAll(() => {
    calm = openRedisLock(redisUrl, log);
    lock = openRedisLock(redisUrl, log, LEASE_MS);
    other = openRedisLock(redisUrl, log, LEASE_MS);
    redis = new Redis(redisUrl ?? "");
  });
  afterAll(async () => {
    await Promise.all([calm.close(), lock.close(), other.close()]);
    redis.disconnect();
  });

  test("Lock/using: gives what the work gives, and lets go at once", async () => {
    const name = freshName();
    expect(await calm.using(name, 0, async () => "done")).toBe("done");
    expect(await redis.exists(`lock:${name}`)).toBe(0);
    expect(await calm.using(name, 0, async () => "next")).toBe("next");
  });

  test("Lock/using: what the work throws is thrown, and the lock let go", async () => {
    const name = freshName();
    const failing = calm.using(name, 0, async () => {
      throw new Error("the work failed");
    });
    await expect(failing).rejects.toThrow("the work failed");
    expect(await redis.exists(`lock:${name}`)).toBe(0);
  });

  test("Lock/using: the lease is extended for as long as the work takes", async () => {
    const name = freshName();
    const leases: number[] = [];
    const isAborted = await lock.using(name, 0, async (signal) => {
      for (let looks = 0; looks < 25; looks += 1) {
        await sleep(LEASE_MS / 10);
        leases.push(await redis.pttl(`lock:${name}`));
      }
      return signal.aborted;
    });
    expect(isAborted).toBe(false);
    expect(Math.min(...leases)).toBeGreaterThan(0);
    expect(await redis.exists(`lock:${name}`)).toBe(0);
  });

  test("Lock/using: somebody else holding it for longer than waitMs gives undefined, and the work does not run", async () => {
    const name = freshName();
    let hasRun = false;
    await lock.using(name, 0, async () => {
      const startedAt = performance.now();
      const given = await other.using(name, 200, async () => {
        hasRun = true;
      });
      expect(given).toBeUndefined();
      expect(performance.now() - startedAt).toBeGreaterThan(100);
    });
    expect(hasRun).toBe(false);
  });

  test("Lock/using: a waiter has its turn when the holder is done within waitMs", async () => {
    const name = freshName();
    const first = lock.using(name, 0, () => sleep(300, "first"));
    await expect.poll(() => redis.exists(`lock:${name}`)).toBe(1);
    expect(await other.using(name, 5_000, async () => "second")).toBe("second");
    expect(await first).toBe("first");
  });

  test("Lock/using: different names do not exclude each other", async () => {
    const inner = await lock.using(freshName(), 0, () => other.using(freshName(), 0, async () => "inside"));
    expect(inner).toBe("inside");
  });

  test("Lock/using: of 30 contenders in two processes' clients never two are inside", async () => {
    const name = freshName();
    let inside = 0;
    let insideMax = 0;
    const work = async () => {
      inside += 1;
      insideMax = Math.max(insideMax, inside);
      await sleep(5);
      inside -= 1;
      return "had its turn";
    };
    const turns = Array.from({ length: 30 }, (_, at) => (at % 2 ? lock : other).using(name, 20_000, work));
    expect(await Promise.all(turns)).toEqual(turns.map(() => "had its turn"));
    expect(insideMax).toBe(1);
  });

  test("Lock/using: a stolen lock aborts the signal before its lease would have ended, and stays the thief's", async () => {
    const name = freshName();
    const startedAt = performance.now();
    const abortedAfterMs = await lock.using(name, 0, async (signal) => {
      await redis.set(`lock:${name}`, "a thief", "PX", 10_000);
      expect(String(await untilAborted(signal))).toContain("not ours any more");
      return performance.now() - startedAt;
    });
    expect(abortedAfterMs).toBeLessThan(LEASE_MS);
    expect(await redis.get(`lock:${name}`)).toBe("a thief");
  });

  test("Lock/close: aborts the work it holds locks for and lets them go", async () => {
    const name = freshName();
    const closing = openRedisLock(redisUrl, log, LEASE_MS);
    const use = closing.using(name, 0, untilAborted);
    await expect.poll(() => redis.exists(`lock:${name}`)).toBe(1);
    await closing.close();
    expect(String(await use)).toContain("this process is closing");
    expect(await redis.exists(`lock:${name}`)).toBe(0);
    await expect(closing.using(name, 0, async () => "late")).rejects.toThrow("this process is closing");
  });
});

describe.skipIf(redisUrl === undefined)("with a Redis of its own", () => {
  test("Lock/using: Redis killed midway aborts the signal, the process survives, and a new Redis serves it", async () => {
    const stack = await startStack({ dir: testFolder("lock"), parts: ["redis"] });
    const lock = openRedisLock(stack.redisUrl, log, LEASE_MS);
    try {
      const startedAt = performance.now();
      const reason = await lock.using(freshName(), 0, async (signal) => {
        await stack.kill("redis");
        return untilAborted(signal);
      });
      expect(String(reason)).toContain("could not be extended");
      expect(performance.now() - startedAt).toBeLessThan(10 * LEASE_MS);
      await expect(lock.using(freshName(), 0, async () => "dead")).rejects.toThrow("does not answer");
      await stack.restart("redis");
      await expect
        .poll(() => lock.using(freshName(), 0, async () => "alive").catch(String), { timeout: 10_000 })
        .toBe("alive");
    } finally {
      await lock.close();
      await stack.stop();
    }
  });
});

test("Lock/using: without a Redis it is a fault that names REDIS_URL, and the work does not run", async () => {
  const lock = openRedisLock(undefined, log);
  let hasRun = false;
  const using = lock.using("importer", 0, async () => {
    hasRun = true;
  });
  await expect(using).rejects.toThrow("Set REDIS_URL");
  expect(hasRun).toBe(false);
  await lock.close();
});
