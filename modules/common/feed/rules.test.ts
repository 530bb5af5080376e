import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cursorOf, placeOf } from "./rules.ts";

test("a cursor is read back as the place it was made of", () => {
  const anyNumber = fc.maxSafeNat();
  fc.assert(
    fc.property(anyNumber, anyNumber, (writtenIn, position) => {
      const cursor = cursorOf({ writtenIn: String(writtenIn), position });
      expect(placeOf(cursor)).toEqual({ writtenIn: String(writtenIn), position: String(position) });
    }),
  );
});

test("what is not a cursor of ours is no place", () => {
  for (const wrong of [
    "",
    "1",
    "1-",
    "-1",
    "1-2-3",
    "1-2 ",
    "a-b",
    "1-'",
    "1".repeat(19),
    `${"9".repeat(19)}-1`,
  ]) {
    expect(placeOf(wrong)).toBeUndefined();
  }
});
