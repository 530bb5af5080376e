import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type House, openHouse } from "./proof/house.ts";
import { TICK_EVERY_MS, unlucky, world } from "./proof/tiny.ts";
import { signModule } from "./token.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house?.stop());

const kick = async (authorization?: string) =>
  house.post("tinyCron/beat/kick", undefined, authorization === undefined ? {} : { authorization });
const ours = async () => `Bearer ${await signModule(house.config.settings, "tiny", Date.now())}`;
const beats = (): string[] => world.callKeys.get("tick") ?? [];
const dueTimesOf = (keys: readonly string[]) => keys.map((key) => Number(key.split("/").at(-1)));

it("a clock beats once a due time, in order, however many kicks it gets at once", async () => {
  const token = await ours();
  const kicks = await Promise.all(Array.from({ length: 20 }, () => kick(token)));
  expect(new Set(kicks.map(({ status }) => status))).toEqual(new Set([200]));
  await sleep(5 * TICK_EVERY_MS);
  await kick(token);
  await expect.poll(() => beats().length, { timeout: 10_000 }).toBeGreaterThan(5);
  const due = dueTimesOf(beats());
  expect(new Set(due).size).toBe(due.length);
  expect(due).toEqual(due.toSorted((a, b) => a - b));
  expect(beats()[0]).toMatch(/^cron\/tiny\/beat\/\d+$/);
});

it("a beat that breaks down is tried again under the same key, and the clock goes on", async () => {
  let faults = 2;
  world.happening.set("tick", () => {
    if (faults-- > 0) throw new Error("weather");
  });
  await expect.poll(() => faults, { timeout: 5_000 }).toBeLessThan(-1);
  const due = dueTimesOf(beats());
  const tries = [...Map.groupBy(due, (at) => at).values()].map(({ length }) => length);
  expect(tries.filter((length) => length > 1)).toEqual([3]);
  world.happening.delete("tick");
});

it("a beat that is refused does not stop the clock", async () => {
  world.happening.set("tick", () => {
    throw unlucky("beat");
  });
  const before = beats().length;
  await expect.poll(() => beats().length, { timeout: 5_000 }).toBeGreaterThan(before + 2);
  world.happening.delete("tick");
});

it("a clock that names an op sends it each tick, and does not wait for it: one that fails holds nothing up", async () => {
  world.happening.set("chore", (what) => {
    if (what === "chore") throw new Error("weather");
  });
  expect((await house.post("tinyCron/chore/kick", undefined, { authorization: await ours() })).status).toBe(
    200,
  );
  const sent = async () =>
    (
      await house.query<{ id: string }>(
        "select id from sys_invocation where target = 'Deed/errand' and invoked_by = 'service'",
      )
    ).length;
  await expect.poll(sent, { timeout: 5_000 }).toBeGreaterThan(3);
  world.happening.delete("chore");
  await expect.poll(() => world.of("chore").filter((what) => what === "right").length).toBeGreaterThan(3);
});

it("for whoever is not one of our modules there is no clock: 404, and nothing begins", async () => {
  expect((await kick()).status).toBe(404);
  expect((await kick("Bearer a.b.c")).status).toBe(404);
});

it("nobody outside can make it tick", async () => {
  const response = await house.post("tinyCron/beat/tick", { dueMs: 1 }, { authorization: await ours() });
  expect(response.status).toBe(400);
});
