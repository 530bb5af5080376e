import { freshId } from "@shopnexus/contracts/kit/id";
import { expect, it } from "vitest";
import { cursorIn, landedIn, nextState, reminderLetters, TRANSITIONS } from "./rules.ts";

it("what was cancelled stays so, what was received is not cancelled, and a draft is only sent or cancelled: PURCHASE_CLOSED", () => {
  for (const event of ["issue", "acknowledge"] as const)
    expect(nextState("cancelled", event)).toMatchObject({ code: "PURCHASE_CLOSED" });
  expect(nextState("received", "close")).toMatchObject({
    code: "PURCHASE_CLOSED",
    data: { state: "received" },
  });
  expect(nextState("draft", "land")).toMatchObject({ code: "PURCHASE_CLOSED" });
  expect([nextState("draft", "issue"), nextState("draft", "close")]).toEqual(["sent", "cancelled"]);
});

it("every event may be said again of where it led", () => {
  const ends = Object.values(TRANSITIONS).flatMap((row) =>
    Object.values(row).flatMap((next) => (next === null ? [] : [{ next, again: row[next] }])),
  );
  expect(ends.length).toBeGreaterThan(0);
  expect(ends.filter(({ next, again }) => again !== next)).toEqual([]);
});

it("an order is received when of every line so many have come", () => {
  const line = (pieces: number, receivedPieces: number) => ({ skuId: "s", pieces, receivedPieces });
  expect(landedIn("part_received", [line(2, 2), line(3, 2)])).toBe("part_received");
  expect(landedIn("part_received", [line(2, 2), line(3, 4)])).toBe("received");
  expect(landedIn("cancelled", [line(2, 2)])).toBe("cancelled");
});

it("a reminder is one letter a side, of what is missing; none of what has come", () => {
  const view = {
    purchaseId: freshId("pur"),
    supplierId: freshId("spl"),
    supplier: "Acme",
    locationId: null,
    state: "sent" as const,
    channel: "mail" as const,
    hooks: [],
    lines: [
      { skuId: "a", pieces: 5, receivedPieces: 2 },
      { skuId: "b", pieces: 5, receivedPieces: 5 },
    ],
    draftedAt: "2026-01-01T00:00:00Z",
    sentAt: null,
    dueAt: null,
    acknowledgedAt: null,
    endedAt: null,
  };
  const to = { email: "more@supplier.example", sellerId: freshId("acc") };
  const letters = reminderLetters(2, to, view);
  expect(letters.map(({ messageKey }) => messageKey)).toEqual([
    `${view.purchaseId}/overdue/2/supplier`,
    `${view.purchaseId}/overdue/2/seller`,
  ]);
  expect(letters[0]?.data).toMatchObject({ items: [{ title: "a", pieces: 3 }] });
  expect(reminderLetters(2, to, { ...view, lines: [] })).toEqual([]);
});

it("reads the cursors of its own pages and no others", () => {
  const own = freshId("pur");
  expect([cursorIn(undefined), cursorIn(own)]).toEqual([undefined, own]);
  expect(() => cursorIn("pur_1")).toThrow("shape");
});
