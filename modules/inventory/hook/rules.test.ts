import { freshId } from "@shopnexus/contracts/kit/id";
import { expect, it } from "vitest";
import { bodyOf, messageIdOf, pauseAfter, verdictOn } from "./rules.ts";

const purchaseId = freshId("pur");
const view = {
  purchaseId,
  supplierId: freshId("spl"),
  supplier: "Acme",
  locationId: null,
  state: "sent" as const,
  channel: "webhook" as const,
  hooks: [],
  lines: [{ skuId: "a", pieces: 5, receivedPieces: 0 }],
  draftedAt: "2026-01-01T00:00:00Z",
  sentAt: "2026-01-02T00:00:00Z",
  dueAt: "2026-01-09T00:00:00Z",
  acknowledgedAt: null,
  endedAt: null,
};

it("a status means taken, not now, or never", () => {
  const all = (verdict: string, ...statuses: number[]) =>
    expect(statuses.filter((status) => verdictOn(status) !== verdict)).toEqual([]);
  all("delivered", 200, 201, 202, 204);
  all("deferred", 408, 409, 425, 429, 500, 502, 503, 504);
  all("refused", 300, 301, 302, 307, 308, 400, 401, 403, 404, 410, 422);
});

it("pauses grow, four times each, up to six hours by the default", () => {
  const pauses = Array.from({ length: 12 }, (_, index) => pauseAfter(index + 1, 5_000));
  expect(pauses.slice(0, 4)).toEqual([5_000, 20_000, 80_000, 320_000]);
  expect(pauses.slice(-2)).toEqual([21_600_000, 21_600_000]);
});

it("a message is the same text under the same id, whatever has become of the order since", () => {
  const later = {
    ...view,
    state: "part_received" as const,
    lines: [{ skuId: "a", pieces: 5, receivedPieces: 3 }],
    acknowledgedAt: "2026-01-03T00:00:00Z",
  };
  expect(bodyOf("sent", "code", later)).toBe(bodyOf("sent", "code", view));
  expect(JSON.parse(bodyOf("sent", "code", view))).toEqual({
    type: "purchase.sent",
    timestamp: "2026-01-02T00:00:00Z",
    data: { purchaseId, code: "code", dueAt: "2026-01-09T00:00:00Z", lines: [{ skuId: "a", pieces: 5 }] },
  });
  expect(messageIdOf(purchaseId, "sent")).toBe(`${purchaseId}_sent`);
});

it("that an order is cancelled is said without its code", () => {
  const body = bodyOf("cancelled", "code", { ...view, endedAt: "2026-01-05T00:00:00Z" });
  expect(JSON.parse(body)).toEqual({
    type: "purchase.cancelled",
    timestamp: "2026-01-05T00:00:00Z",
    data: { purchaseId },
  });
});
