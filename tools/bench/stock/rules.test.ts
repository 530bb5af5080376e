import { expect, test } from "vitest";
import { type Case, goalsOf, isSound, middleOf, rowsOf } from "./rules.ts";

const one = (rest: Partial<Case>): Case => ({
  way: "database",
  skus: 1,
  buyers: 32,
  perSecond: 100,
  p50Ms: 1,
  p99Ms: 2,
  transactionsPerSecond: 10,
  oversold: 0,
  broken: [],
  ...rest,
});

test("rowsOf: each case is compared with select for update among as many SKUs and buyers, or with nothing", () => {
  const cases = [
    one({ way: "forUpdate", perSecond: 40 }),
    one({ way: "forUpdate", buyers: 128, perSecond: 10 }),
    one({}),
    one({ skus: 10_000 }),
  ];
  expect(rowsOf(cases).map(({ ratioToForUpdate }) => ratioToForUpdate)).toEqual([1, 1, 2.5, null]);
});

test("middleOf: the middle round by speed, with all that was wrong in any; of none, nothing", () => {
  const rounds = [
    one({ perSecond: 3, oversold: 1 }),
    one({ perSecond: 1, broken: ["a sum"] }),
    one({ perSecond: 2 }),
  ];
  expect(middleOf(rounds)).toMatchObject({ perSecond: 2, oversold: 1, broken: ["a sum"] });
  expect(middleOf([])).toBeUndefined();
});

test("goalsOf: what is reached, what falls short, and what was not measured", () => {
  const goals = goalsOf([
    one({ way: "forUpdate", perSecond: 10 }),
    one({ way: "forUpdate", buyers: 128, perSecond: 10 }),
    one({ perSecond: 100 }),
    one({ buyers: 128, perSecond: 299 }),
  ]);
  expect(goals.map(({ wanted, got, isReached }) => [wanted, got, isReached])).toEqual([
    [10, 10, true],
    [30, 29.9, false],
    [2, null, false],
    [0.95, null, false],
    [0.95, null, false],
  ]);
});

test("isSound: one piece oversold, one sum that is broken, a case that sold nothing or no case at all is a failure", () => {
  expect(isSound([one({}), one({ way: "redis" })])).toBe(true);
  for (const wrong of [{ oversold: 1 }, { broken: ["a level"] }, { perSecond: 0 }])
    expect(isSound([one({}), one(wrong)])).toBe(false);
  expect(isSound([])).toBe(false);
});

test("isSound: how fast it was is no matter of right and wrong", () => {
  const cases = [one({ way: "forUpdate", perSecond: 1_000 }), one({ perSecond: 1 })];
  expect(goalsOf(cases)[0]).toMatchObject({ isReached: false });
  expect(isSound(cases)).toBe(true);
});
