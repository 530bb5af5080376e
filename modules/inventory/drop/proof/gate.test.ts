import { randomUUID } from "node:crypto";
import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Gate } from "#modules/_kit/gate.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { openTestGate, type TestGate } from "#tools/testkit/gate.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { admit } from "../../ticket/admit.ts";
import { askFor, dropped } from "../../ticket/proof/crowd.ts";
import { fillGate } from "../fill-gate.ts";
import { reconcile } from "../reconcile.ts";

const redisUrl = inject("redisUrl");
let base: TestDatabase;
let kit: TestGate;
let gate: Gate;
beforeAll(async () => {
  base = await testDatabase("inventory");
  if (redisUrl === undefined) return;
  kit = await openTestGate(redisUrl);
  ({ gate } = kit);
});
afterAll(async () => {
  kit?.stop();
  await base?.close();
});

const scene = () => sceneOf(base.db, asModule("inventory"), { gate });
const without = () => sceneOf(base.db, asModule("inventory"));
const usedOf = async (dropId: string, skuId: string) => (await gate.read(dropId))?.used.get(skuId);
/** As if it had happened a while ago. */
const age = (dropId: string) =>
  base.db
    .$client`update inventory.ticket set changed_at = now() - interval '1 min' where drop_id = ${dropId}`;

test.skipIf(redisUrl === undefined)(
  "Drop/fillGate: built by one of many who find it missing, from who has a place; an unknown drop is barred",
  async () => {
    const place = await dropped(base, { units: 5 });
    for (let times = 0; times < 3; times++) await admit(askFor(place), without());
    const builders = await Promise.all(
      Array.from({ length: 8 }, () => fillGate({ dropId: place.dropId }, scene())),
    );
    expect(builders.filter(({ isBuilt }) => isBuilt)).toHaveLength(1);
    expect(await usedOf(place.dropId, place.skuId)).toBe(3);
    const none = freshId("drp");
    expect(await fillGate({ dropId: none }, scene())).toEqual({ isBuilt: false });
    const wish = { gateId: none, skuId: place.skuId, pieces: 1 };
    expect(await gate.knock(wish, { ticketId: randomUUID(), accountId: randomUUID() })).toEqual({
      kind: "unknown",
    });
  },
);

test.skipIf(redisUrl === undefined)(
  "Ticket/admit: what is written down is counted at the gate once, also when it passed there before",
  async () => {
    const place = await dropped(base, { units: 5 });
    await fillGate({ dropId: place.dropId }, scene());
    const ask = askFor(place);
    await gate.knock({ gateId: place.dropId, skuId: place.skuId, pieces: 1 }, ask);
    await admit(ask, scene());
    await admit(askFor(place), scene());
    expect(await usedOf(place.dropId, place.skuId)).toBe(2);
    expect(await reconcile({}, scene())).toEqual({ differenceCount: 0 });
  },
);

test.skipIf(redisUrl === undefined)(
  "Drop/reconcile: what the gate does not know it learns, and what nobody is behind it forgets, and both are told of",
  async () => {
    const place = await dropped(base, { units: 5 });
    await fillGate({ dropId: place.dropId }, scene());
    await admit(askFor(place), without());
    expect(await reconcile({}, scene())).toEqual({ differenceCount: 0 });
    await age(place.dropId);
    const stray = randomUUID();
    const kept = { sku: place.skuId, pieces: 1, account: "acc", at: Date.now() - 60_000, admitted: true };
    await kit.redis.hset(`gate:{${place.dropId}}:tickets`, stray, JSON.stringify(kept));
    await kit.redis.hincrby(`gate:{${place.dropId}}`, `used:${place.skuId}`, 1);
    await kit.redis.hincrby(`gate:{${place.dropId}}:accounts`, "acc", 1);
    expect(await reconcile({}, scene())).toEqual({ differenceCount: 2 });
    expect(await reconcile({}, scene())).toEqual({ differenceCount: 0 });
    expect(await usedOf(place.dropId, place.skuId)).toBe(1);
  },
);

type Place = { dropId: string; skuId: string };
test.skipIf(redisUrl === undefined).each<[string, (place: Place) => Promise<unknown>]>([
  ["what is taken", ({ dropId, skuId }) => kit.redis.hset(`gate:{${dropId}}`, `used:${skuId}`, 0)],
  ["what an account has", ({ dropId }) => kit.redis.del(`gate:{${dropId}}:accounts`)],
  ["the tickets", ({ dropId }) => kit.redis.del(`gate:{${dropId}}:tickets`)],
  ["the units", ({ dropId, skuId }) => kit.redis.hset(`gate:{${dropId}}`, `units:${skuId}`, 6)],
  ["the limit", ({ dropId }) => kit.redis.hset(`gate:{${dropId}}`, "limit", 2)],
  ["the end", ({ dropId }) => kit.redis.hset(`gate:{${dropId}}`, "entriesEnd", "later")],
])("Drop/reconcile: a gate that is wrong about %s is built anew, and told of", async (_what, change) => {
  const place = await dropped(base, { units: 5 });
  const ask = askFor(place);
  await admit(ask, without());
  await fillGate({ dropId: place.dropId }, scene());
  expect(await reconcile({}, scene())).toEqual({ differenceCount: 0 });
  await change(place);
  expect((await reconcile({}, scene())).differenceCount).toBeGreaterThan(0);
  expect(await kit.registry.metrics()).toMatch(/shopnexus_drop_gate_difference [1-9]/);
  expect(await reconcile({}, scene())).toEqual({ differenceCount: 0 });
  expect(await usedOf(place.dropId, place.skuId)).toBe(1);
  const wish = { gateId: place.dropId, skuId: place.skuId, pieces: 1 };
  const again = { ticketId: randomUUID(), accountId: ask.accountId };
  expect(await gate.knock(wish, again)).toEqual({ kind: "limit_reached", limit: 1 });
});
