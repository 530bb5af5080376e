import { randomUUID } from "node:crypto";
import { Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openTestGate, type TestGate } from "#tools/testkit/gate.ts";
import type { GatePlan } from "./gate.ts";
import { openLog } from "./log.ts";
import { openRedisGate, type RedisGate } from "./redis-gate.ts";

const redisUrl = inject("redisUrl");
let gate: RedisGate;
let kit: TestGate;
beforeAll(async () => {
  if (redisUrl === undefined) return;
  kit = await openTestGate(redisUrl);
  ({ gate } = kit);
});
afterAll(() => kit?.stop());

const planOf = (more: Partial<GatePlan> = {}): GatePlan => ({
  epoch: 1,
  startsMs: Date.now() - 1_000,
  entriesEndMs: Date.now() + 60_000,
  endsMs: Date.now() + 60_000,
  windowMs: 5_000,
  limit: 2,
  skus: [{ skuId: "sku", units: 10, seats: 15 }],
  tickets: [],
  ...more,
});
const built = async (more: Partial<GatePlan> = {}) => {
  const gateId = randomUUID();
  await gate.build(gateId, planOf(more), "missing");
  return { gateId, skuId: "sku", pieces: 1 };
};
const someone = () => ({ ticketId: randomUUID(), accountId: randomUUID() });
const kinds = (replies: readonly { kind: string }[]) =>
  Object.fromEntries([...Map.groupBy(replies, ({ kind }) => kind)].map(([kind, all]) => [kind, all.length]));

describe.skipIf(redisUrl === undefined)("a gate", () => {
  test("lets exactly as many pass as there are seats, and tells who is within the units", async () => {
    const wish = await built();
    const replies = await Promise.all(Array.from({ length: 200 }, () => gate.knock(wish, someone())));
    expect(kinds(replies)).toEqual({ passed: 15, sold_out: 185 });
    expect(replies.filter((reply) => reply.kind === "passed" && reply.isAdmitted)).toHaveLength(10);
  });

  test("lets one account pass up to its limit, and one ticket once however often it knocks, also when all is taken", async () => {
    const wish = await built({ skus: [{ skuId: "sku", units: 2, seats: 2 }] });
    const { ticketId, accountId } = someone();
    for (let times = 0; times < 3; times++)
      expect(await gate.knock(wish, { ticketId, accountId })).toMatchObject({
        kind: "passed",
        isAdmitted: true,
      });
    expect(await gate.knock(wish, { ticketId: randomUUID(), accountId })).toMatchObject({ kind: "passed" });
    expect(await gate.knock(wish, someone())).toEqual({ kind: "sold_out" });
    expect(await gate.knock(wish, { ticketId, accountId })).toMatchObject({ kind: "passed" });
    const { standing, known } = await gate.look(wish, [randomUUID(), ticketId]);
    expect([standing, [...known]]).toEqual([{ kind: "sold_out" }, [ticketId]]);
    const roomy = await built({ limit: 1 });
    await gate.knock(roomy, { ticketId: randomUUID(), accountId });
    const third = await gate.knock(roomy, { ticketId: randomUUID(), accountId });
    expect(third).toEqual({ kind: "limit_reached", limit: 1 });
  });

  test("says that it is not_yet, over, unknown or unbuilt", async () => {
    const startsMs = Date.now() + 50_000;
    expect(await gate.knock(await built({ startsMs }), someone())).toEqual({ kind: "not_yet", startsMs });
    const past = await built({ entriesEndMs: Date.now() - 1 });
    expect(await gate.knock(past, someone())).toEqual({ kind: "over" });
    const barred = { gateId: randomUUID(), skuId: "sku", pieces: 1 };
    expect(await gate.knock(barred, someone())).toEqual({ kind: "unbuilt" });
    await gate.bar(barred.gateId);
    expect(await gate.knock(barred, someone())).toEqual({ kind: "unknown" });
    expect(await gate.knock({ ...(await built()), skuId: "other" }, someone())).toEqual({ kind: "unknown" });
  });

  test("counts what it is told once, and forgets it once", async () => {
    const wish = await built({ skus: [{ skuId: "sku", units: 2, seats: 2 }] });
    const tickets = [someone(), someone()].map((who) => ({ ...who, skuId: "sku", pieces: 1 }));
    for (let times = 0; times < 2; times++) await gate.add(wish.gateId, tickets);
    expect(await gate.knock(wish, someone())).toEqual({ kind: "sold_out" });
    for (let times = 0; times < 2; times++) await gate.remove(wish.gateId, [tickets[0]?.ticketId ?? ""]);
    expect((await gate.read(wish.gateId))?.used.get("sku")).toBe(1);
    expect(await gate.knock(wish, someone())).toMatchObject({ kind: "passed" });
  });

  test("that was built before a restart of Redis is not trusted, whatever stands in it; a late builder changes nothing", async () => {
    const wish = await built();
    await kit.redis.hset(`gate:{${wish.gateId}}`, "run", "the one before");
    expect(await gate.knock(wish, someone())).toEqual({ kind: "unbuilt" });
    expect(await gate.read(wish.gateId)).toBeUndefined();
    expect(await gate.build(wish.gateId, planOf({ epoch: 3 }), "missing")).toBe(true);
    expect(await gate.build(wish.gateId, planOf({ epoch: 2 }), "anew")).toBe(false);
    await gate.knock(wish, someone());
    expect(await gate.build(wish.gateId, planOf({ epoch: 4 }), "missing")).toBe(false);
    expect((await gate.read(wish.gateId))?.tickets).toHaveLength(1);
  });

  test("tells whoever watches how it stands", async () => {
    gate.differed(3);
    const metrics = await kit.registry.metrics();
    expect(metrics).toContain("shopnexus_drop_gate_up 1");
    expect(metrics).toContain("shopnexus_drop_gate_difference 3");
    expect(metrics).toMatch(/shopnexus_drop_gate_answers_total\{answer="sold_out"\} \d+/);
  });

  test("that cannot be reached fails at once", async () => {
    const away = openRedisGate("redis://127.0.0.1:1/0", openLog("silent", {}), new Registry());
    const wish = { gateId: "any", skuId: "sku", pieces: 1 };
    await expect(away.knock(wish, someone())).rejects.toThrow("Redis does not answer");
    await away.add("any", [{ ...someone(), skuId: "sku", pieces: 1 }]);
    away.close();
  });
});
