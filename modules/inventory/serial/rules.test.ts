import { expect, it } from "vitest";
import { againOf, positionIn, TRANSITIONS } from "./rules.ts";

it("a serial number goes out and comes back, and nowhere else", () => {
  expect(TRANSITIONS.take.to).toBe(TRANSITIONS.putBack.from);
  expect(TRANSITIONS.putBack.to).toBe(TRANSITIONS.take.from);
});

it("a line that was here before hears the same numbers, or that they were put back: SERIALS_GONE", () => {
  expect(againOf({ state: "taken", serials: ["a"] })).toEqual({ serials: ["a"] });
  expect(againOf({ state: "back", serials: [] })).toMatchObject({ code: "SERIALS_GONE" });
});

it("reads the cursors of its own pages and no others", () => {
  expect([positionIn(undefined), positionIn("17")]).toEqual([0, 17]);
  for (const wrong of ["0", "-1", "1.5", "x", "1".repeat(17)])
    expect(() => positionIn(wrong)).toThrow("shape");
});
