import { SerialState } from "@shopnexus/contracts/inventory/serial";
import { expect, it } from "vitest";
import { againOf, busyIn, positionIn, stepsOf, TRANSITIONS } from "./rules.ts";

it("a line only takes what is free, only what was taken is shipped, and nothing comes back from void", () => {
  const from = (event: keyof typeof TRANSITIONS) => stepsOf(event).from;
  expect([from("take"), from("ship")]).toEqual([["free"], ["taken"]]);
  for (const row of Object.values(TRANSITIONS)) expect(row.void).toBeNull();
});

it("every state is reached from free, and what a buyer has comes back before it is sold again", () => {
  const onwards = (from: SerialState) => Object.values(TRANSITIONS).flatMap((row) => row[from] ?? []);
  let reached = new Set<SerialState>(["free"]);
  for (const _ of SerialState.options) reached = new Set([...reached, ...[...reached].flatMap(onwards)]);
  expect(reached).toEqual(new Set(SerialState.options));
  expect(onwards("shipped")).toEqual(["returned"]);
});

it("a verdict cannot be said of what a buyer has, and may be said twice: SERIAL_BUSY", () => {
  const all = SerialState.options.map((state) => ({ serial: state, state }));
  const busy = (verdict: "restore" | "damage" | "void") => busyIn(all, verdict).map(({ state }) => state);
  expect(busy("restore")).toEqual(["taken", "shipped", "void"]);
  expect(busy("damage")).toEqual(["taken", "shipped", "void"]);
  expect(busy("void")).toEqual(["taken", "shipped"]);
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
