import { expect, test } from "vitest";
import type { Measured } from "./measure.ts";
import { reportOf } from "./report.ts";
import { percentile, pick, seeded, spentOf, timingsOf } from "./rules.ts";
import type { Verdict } from "./verdict.ts";

test("percentile: the smallest value that the share does not exceed, and 0 of nothing", () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
  expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile(hundred, 1)]).toEqual([
    50, 99, 100,
  ]);
  expect([percentile([7], 0.99), percentile([], 0.5)]).toEqual([7, 0]);
});

test("timingsOf: what an edge of the window cuts counts for the part inside, what lies outside not at all", () => {
  const piece = (beganAtMs: number, endedAtMs: number) => ({ beganAtMs, endedAtMs });
  const pieces = [piece(0, 40), piece(80, 120), piece(200, 230), piece(990, 1_020), piece(1_100, 1_200)];
  const timings = timingsOf(pieces, { beginAtMs: 100, endAtMs: 1_000 });
  expect(timings).toMatchObject({ p50Ms: 30, p99Ms: 40, done: 1.8, perSecond: 2.04 });
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

const blank = { atOnce: 8, perSecond: 10, p50Ms: 1, p99Ms: 2, done: 100, othersPerSecond: 0 };
const run = (rest: Partial<Measured>): Measured => ({
  ...blank,
  legsP50Ms: {},
  errors: {},
  cpu: {},
  ...rest,
});
const about = { machine: { cores: 2, model: "any", node: "24" }, seconds: 1, warmSeconds: 1 };
const clean = { isClean: true } as Verdict;

test("reportOf: ratios compare the runs with as many at once", () => {
  const buyers = {
    fused: [run({ perSecond: 20 }), run({ atOnce: 1 })],
    unfused: [run({ perSecond: 5 })],
    checks: { fused: clean },
  };
  const { ratios, isOk } = reportOf({ buyers, noop: [run({ perSecond: 100 })] }, about);
  expect(ratios).toEqual({ fused: [{ atOnce: 8, times: 4 }], noop: [{ atOnce: 8, times: 5 }] });
  expect(isOk).toBe(true);
});

test("reportOf: one error, one run without a result, or books that disagree are a failure", () => {
  const isOk = (fused: Partial<Measured>, check: Verdict) =>
    reportOf({ buyers: { fused: [run(fused)], unfused: [], checks: { fused: check } } }, about).isOk;
  expect(isOk({}, clean)).toBe(true);
  expect(isOk({ errors: { "it answered 500": 1 } }, clean)).toBe(false);
  expect(isOk({ done: 0 }, clean)).toBe(false);
  expect(isOk({}, { ...clean, isClean: false })).toBe(false);
});
