import fc from "fast-check";
import { expect, it } from "vitest";
import { isSameMove, shortageOf, standingAt, strandedOf } from "./rules.ts";

it("pieces go only where so many stand, and where nobody has spoken for them: PIECES_SHORT", () => {
  const counts = { onHand: 10, held: 2, sold: 3 };
  expect(shortageOf(counts, 10, -5)).toBeUndefined();
  expect(shortageOf(counts, 10, -6)).toMatchObject({
    code: "PIECES_SHORT",
    data: { available: 5, standing: 10 },
  });
  expect(shortageOf(counts, 4, -5)).toMatchObject({
    code: "PIECES_SHORT",
    data: { available: 5, standing: 4 },
  });
  expect(strandedOf(counts, 10, 10)).toBeUndefined();
  expect(strandedOf(counts, 9, 10)).toMatchObject({ code: "PIECES_SHORT" });
});

it("more pieces are never short", () => {
  const anyCount = fc.nat({ max: 1_000 });
  fc.assert(
    fc.property(
      anyCount,
      anyCount,
      anyCount,
      fc.integer({ min: 1, max: 1_000 }),
      (free, held, standing, delta) => {
        expect(shortageOf({ onHand: free + held, held, sold: 0 }, standing, delta)).toBeUndefined();
      },
    ),
  );
});

it("nothing stands where there is no shelf", () => {
  const shelves = [{ locationId: "here", onHand: 5, picked: 2, standing: 3 }];
  expect([standingAt(shelves, "here"), standingAt(shelves, "there")]).toEqual([3, 0]);
});

it("the same move is the same place, count and cause; who says not where means wherever it was", () => {
  const before = { locationId: "here", delta: -2, cause: "lost" };
  expect(isSameMove(before, before)).toBe(true);
  expect(isSameMove(before, { delta: -2, cause: "lost" })).toBe(true);
  for (const other of [{ locationId: "there" }, { delta: 2 }, { cause: "found" }])
    expect(isSameMove(before, { ...before, ...other })).toBe(false);
});
