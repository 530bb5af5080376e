/** The gate before drops on the tests' Redis, and that Redis itself, to put it out of order. */
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { Registry } from "prom-client";
import { openLog } from "#modules/_kit/log.ts";
import { openRedisGate, type RedisGate } from "#modules/_kit/redis-gate.ts";

export type TestGate = {
  readonly gate: RedisGate;
  readonly redis: Redis;
  readonly registry: Registry;
  stop(): void;
};

const READY_TRY_COUNT = 200;

export const openTestGate = async (redisUrl: string): Promise<TestGate> => {
  const registry = new Registry();
  const gate = openRedisGate(redisUrl, openLog("silent", {}), registry);
  const redis = new Redis(redisUrl);
  await reached(gate);
  return {
    gate,
    redis,
    registry,
    stop: () => {
      gate.close();
      redis.disconnect();
    },
  };
};

const reached = async (gate: RedisGate): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await gate.read("any");
      return;
    } catch (error) {
      if (tries >= READY_TRY_COUNT) throw error;
      await sleep(25);
    }
  }
};
