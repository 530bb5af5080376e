import { expect, test } from "vitest";
import { messageIdOf, pauseAfter, positionIn } from "./rules.ts";

test("a Message-ID follows from the key, in the domain of the sender, and another key has another", () => {
  const id = messageIdOf("ord_1/placed", "ShopNexus <mail@Shop.Example>");
  expect(id).toMatch(/^[0-9a-f]{40}@shop\.example$/);
  expect(messageIdOf("ord_1/placed", "mail@shop.example")).toBe(id);
  expect(messageIdOf("ord_2/placed", "mail@shop.example")).not.toBe(id);
  expect(messageIdOf("ord_1/placed", "")).toMatch(/@localhost$/);
});

test("pauses double from a second up to ten minutes, and never end", () => {
  expect([0, 1, 2, 9, 10, 10_000].map(pauseAfter)).toEqual([1_000, 2_000, 4_000, 512_000, 600_000, 600_000]);
});

test("reads the cursors of its own pages and no others", () => {
  expect(positionIn("17")).toBe(17);
  for (const wrong of ["0", "-1", "1.5", "x", "1".repeat(16)])
    expect(() => positionIn(wrong)).toThrow("shape");
});
