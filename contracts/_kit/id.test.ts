import * as fc from "fast-check";
import { expect, test } from "vitest";
import { freshId, id, ID_PREFIXES, type IdPrefix, makeId } from "./id.ts";

const prefixes = Object.keys(ID_PREFIXES) as IdPrefix[];
const anyPrefix = fc.constantFrom(...prefixes);
const anyTime = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const anyDice = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
  minLength: 19,
  maxLength: 19,
});
const throwing = (dice: readonly number[]) => {
  const left = [...dice];
  return () => left.shift() ?? 0;
};

test("the schema of a prefix accepts the ids that are made for it, and no others", () => {
  fc.assert(
    fc.property(anyPrefix, anyTime, anyDice, (prefix, nowMs, dice) => {
      const made = makeId(prefix, nowMs, throwing(dice));
      expect(prefixes.filter((one) => id(one).safeParse(made).success)).toEqual([prefix]);
    }),
  );
});

test("ids are in the order of the times they were made at", () => {
  const anyMoment = fc.record({ nowMs: anyTime, dice: anyDice });
  const made = ({ nowMs, dice }: { nowMs: number; dice: number[] }) => makeId("ord", nowMs, throwing(dice));
  fc.assert(
    fc.property(anyMoment, anyMoment, (one, other) => {
      fc.pre(one.nowMs < other.nowMs);
      expect(made(one) < made(other)).toBe(true);
    }),
  );
});

test("version 7 and the RFC's variant stand where a UUID has them", () => {
  fc.assert(
    fc.property(anyTime, anyDice, (nowMs, dice) => {
      const hex = makeId("acc", nowMs, throwing(dice)).slice("acc_".length);
      expect(hex).toMatch(/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
      expect(Number.parseInt(hex.slice(0, 12), 16)).toBe(nowMs);
    }),
  );
});

test("the same clock and dice make the same id, other dice another", () => {
  expect(makeId("ord", 1, () => 0.5)).toBe(makeId("ord", 1, () => 0.5));
  expect(makeId("ord", 1, () => 0.5)).not.toBe(makeId("ord", 1, () => 0.25));
});

test("a thousand fresh ids are all different", () => {
  expect(new Set(Array.from({ length: 1_000 }, () => freshId("evt"))).size).toBe(1_000);
});

test("what is not quite an id is refused", () => {
  const good = freshId("ord");
  for (const wrong of [
    "",
    "ord_",
    good.slice(0, -1),
    `${good}0`,
    good.toUpperCase(),
    ` ${good}`,
    `${good}\n`,
  ]) {
    expect(id("ord").safeParse(wrong).success).toBe(false);
  }
});
