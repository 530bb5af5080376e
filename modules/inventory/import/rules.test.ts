import fc from "fast-check";
import { expect, it } from "vitest";
import { inParts } from "./rules.ts";

it("parts are all of it, in order, none empty and none too large", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 40 }), fc.integer({ min: 1, max: 10 }), (items, size) => {
      const parts = inParts(items, size);
      expect(parts.flat()).toEqual(items);
      expect(parts.every(({ length }) => 0 < length && length <= size)).toBe(true);
    }),
  );
});
