import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { batcher, type Batching } from "./batch.ts";
import { observer } from "./observe.ts";

/** A database that answers when it is told to, and remembers what it was asked. */
const slowDatabase = (rest: Partial<Batching<string, string>> = {}) => {
  const trips: string[][] = [];
  const gates: Array<() => void> = [];
  const trip = async (requests: readonly string[]): Promise<void> => {
    trips.push([...requests]);
    await new Promise<void>((open) => gates.push(open));
    const poison = requests.find((request) => request.startsWith("poison"));
    if (poison !== undefined) throw Object.assign(new Error(poison), { code: "22003" });
    if (requests.includes("weather")) throw new Error("the connection was lost");
  };
  const ask = batcher<string, string>({
    name: "test",
    keyOf: (request) => request.split("#")[0] ?? "",
    weigh: (request) => (request.startsWith("large") ? 3 : 1),
    weightMax: 5,
    queueMax: 10,
    busy: (retryAfterMs) => Object.assign(new Error("busy"), { retryAfterMs }),
    one: async (request) => {
      await trip([request]);
      return `${request} by itself`;
    },
    together: async (requests) => {
      await trip(requests);
      return requests.map((request) => {
        if (request.startsWith("known")) return "alone";
        return request === "short" ? { refusal: new Error("short") } : { answer: `${request} together` };
      });
    },
    ...rest,
  });
  const next = async (): Promise<void> => {
    await expect.poll(() => gates.length).toBeGreaterThan(0);
    gates.shift()?.();
  };
  return { ask, trips, next };
};
type Slow = ReturnType<typeof slowDatabase>;

/** Asks all of them at once, and lets every trip through. */
const outcomesOf = async ({ ask, next }: Slow, requests: readonly string[]): Promise<string[]> => {
  const state = { isOver: false };
  const all = Promise.allSettled(requests.map((request) => ask(request))).finally(() => {
    state.isOver = true;
  });
  while (!state.isOver) await Promise.race([next(), all]);
  return (await all).map((one) => (one.status === "fulfilled" ? one.value : (one.reason as Error).message));
};

describe("batcher", () => {
  it("who comes alone goes at once and by itself", async () => {
    const slow = slowDatabase();
    const first = slow.ask("a");
    expect(slow.trips).toEqual([["a"]]);
    await slow.next();
    expect(await first).toBe("a by itself");
    expect(await outcomesOf(slow, ["b"])).toEqual(["b by itself"]);
  });

  it("who comes meanwhile goes together, in the order of coming, as many as one trip takes", async () => {
    const slow = slowDatabase();
    const answers = await outcomesOf(slow, ["a", "b", "c", "d", "e", "f", "g"]);
    expect(slow.trips).toEqual([["a"], ["b", "c", "d", "e", "f"], ["g"]]);
    expect(answers).toEqual([
      "a by itself",
      ..."bcdef".split("").map((one) => `${one} together`),
      "g by itself",
    ]);
  });

  it("a large one takes up more of a trip, and never none", async () => {
    const slow = slowDatabase({ weightMax: 2 });
    await outcomesOf(slow, ["a", "large1", "b", "c", "large2"]);
    expect(slow.trips).toEqual([["a"], ["large1"], ["b", "c"], ["large2"]]);
  });

  it("two of one key are never in one trip", async () => {
    const slow = slowDatabase();
    await outcomesOf(slow, ["a", "b#1", "c", "b#2", "b#3"]);
    expect(slow.trips).toEqual([["a"], ["b#1", "c"], ["b#2"], ["b#3"]]);
  });

  it("who was just answered and asks again goes with those who waited", async () => {
    const slow = slowDatabase();
    const again = slow.ask("a").then(() => slow.ask("a2"));
    const other = slow.ask("b");
    await slow.next();
    await slow.next();
    await Promise.all([again, other]);
    expect(slow.trips).toEqual([["a"], ["b", "a2"]]);
  });

  it("a crowd goes in halves: while one is at the database, the other hears its answers", async () => {
    const slow = slowDatabase({ weightMax: 1_000, queueMax: 1_000 });
    const crowd = Array.from({ length: 128 }, (_, at) => `buyer${at}`);
    const answers = crowd.map((one) => slow.ask(one));
    await slow.next();
    await expect.poll(() => slow.trips).toEqual([crowd.slice(0, 1), crowd.slice(1, 65)]);
    await slow.next();
    await expect.poll(() => slow.trips[2]).toEqual(crowd.slice(65));
    const first = crowd.slice(1, 65).map((one) => `${one} together`);
    expect(await Promise.all(answers.slice(1, 65))).toEqual(first);
    await slow.next();
    await Promise.all(answers);
    expect(slow.trips.length).toBe(3);
  });

  it("a refusal is one's own, and who has to be tried alone is", async () => {
    const slow = slowDatabase();
    const answers = await outcomesOf(slow, ["a", "short", "known", "b"]);
    expect(answers.slice(1)).toEqual(["short", "known by itself", "b together"]);
  });

  it("a poisoned request fails alone, not its batch", async () => {
    const slow = slowDatabase();
    const answers = await outcomesOf(slow, ["a", "b", "poison", "c"]);
    expect(slow.trips).toEqual([["a"], ["b", "poison", "c"], ["b"], ["poison"], ["c"]]);
    expect(answers.slice(1)).toEqual(["b together", "poison", "c together"]);
  });

  it("a lost connection is everybody's fault: nobody is tried again behind Restate's back", async () => {
    const slow = slowDatabase();
    const answers = await outcomesOf(slow, ["a", "b", "weather"]);
    expect(answers.slice(1)).toEqual(["the connection was lost", "the connection was lost"]);
    expect(slow.trips).toHaveLength(2);
  });

  it("who finds the queue full is told at once to come again, and has room once others were served", async () => {
    const slow = slowDatabase();
    const there = outcomesOf(
      slow,
      Array.from({ length: 10 }, (_, at) => `r${at}`),
    );
    expect(() => slow.ask("late")).toThrow(expect.objectContaining({ message: "busy", retryAfterMs: 50 }));
    await there;
    expect(await outcomesOf(slow, ["late"])).toEqual(["late by itself"]);
  });

  it("who is stuck does not stop the others", async () => {
    const slow = slowDatabase();
    const stuck = slow.ask("stuck");
    const [b, c] = [slow.ask("b"), slow.ask("c")];
    await expect.poll(() => slow.trips, { timeout: 5_000 }).toEqual([["stuck"], ["b", "c"]]);
    await slow.next();
    await slow.next();
    expect(await Promise.all([stuck, b, c])).toEqual(["stuck by itself", "b together", "c together"]);
  });

  it("its sizes, waits and failures are there for Prometheus", async () => {
    const registry = new Registry();
    observer(registry);
    await outcomesOf(slowDatabase({ name: "watched" }), ["a", "b", "c", "poison"]);
    const text = await registry.metrics();
    expect(text).toContain('shopnexus_batch_size_count{batch="watched"} 2');
    expect(text).toContain('shopnexus_batch_size_sum{batch="watched"} 4');
    expect(text).toContain('shopnexus_batch_wait_seconds_count{batch="watched"} 4');
    expect(text).toContain('shopnexus_batch_failed_total{batch="watched"} 1');
  });
});
