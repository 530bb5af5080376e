import { expect, test } from "vitest";
import { percentile, pick, seeded, spentOf, timingsOf } from "./rules.ts";

test("percentile: the smallest value that the share does not exceed, and 0 of nothing", () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
  expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile(hundred, 1)]).toEqual([
    50, 99, 100,
  ]);
  expect([percentile([7], 0.99), percentile([], 0.5)]).toEqual([7, 0]);
});

test("timingsOf: any order of durations, by the second", () => {
  expect(timingsOf([30, 10, 20], 1_500)).toEqual({ perSecond: 2, p50Ms: 20, p99Ms: 30 });
});

test("spentOf: what was used before the window does not count, and nothing is divided by zero", () => {
  const spent = spentOf({ app: 10, restate: 1 }, { app: 13, restate: 2 }, 100);
  expect(spent["app"]).toEqual({ seconds: 3, msPerOne: 30, percent: 75 });
  expect(spent["restate"]).toMatchObject({ percent: 25 });
  expect(spentOf({ app: 1 }, { app: 1 }, 0)["app"]).toEqual({ seconds: 0, msPerOne: 0, percent: 0 });
});

test("pick: different ones, the same for the same seed", () => {
  const goods = ["a", "b", "c", "d", "e"];
  const picked = pick(goods, 3, seeded(7));
  expect(new Set(picked).size).toBe(3);
  expect(pick(goods, 3, seeded(7))).toEqual(picked);
  expect(pick(goods, 9, seeded(7)).toSorted()).toEqual(goods);
});
