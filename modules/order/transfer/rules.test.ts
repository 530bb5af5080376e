import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PayoutState } from "@shopnexus/contracts/order/payout";
import { advanced, endingOf, type Standing, unitsOf } from "./rules.ts";

const fresh: Standing = {
  state: "requested",
  needsApproval: false,
  decision: null,
  isEscalated: false,
  dueAtMs: null,
};
const large = { ...fresh, needsApproval: true };
const APPROVAL_MS = 1_000;
const at = (nowMs: number, isSuspended = false) => ({ nowMs, isSuspended, approvalMs: APPROVAL_MS });

describe("a payout whose money is held", () => {
  test("may go at once when it is small, and waits while its seller is suspended", () => {
    expect(advanced(fresh, at(0)).state).toBe("cleared");
    const shutOut = advanced(fresh, at(0, true));
    expect(shutOut).toMatchObject({ state: "suspended", dueAtMs: null });
    expect(advanced(shutOut, at(9e9, true))).toMatchObject({ state: "suspended", decision: null });
    expect(advanced(shutOut, at(9e9)).state).toBe("cleared");
  });

  test("waits for an operator when it is large: twice the deadline, then silence is a no", () => {
    const waiting = advanced(large, at(0));
    expect(waiting).toMatchObject({ state: "awaiting_approval", dueAtMs: APPROVAL_MS, isEscalated: false });
    expect(advanced(waiting, at(APPROVAL_MS - 1))).toMatchObject(waiting);
    const escalated = advanced(waiting, at(APPROVAL_MS));
    expect(escalated).toMatchObject({ isEscalated: true, decision: null, dueAtMs: 2 * APPROVAL_MS });
    expect(advanced(escalated, at(2 * APPROVAL_MS - 1))).toMatchObject({ decision: null });
    expect(advanced(escalated, at(2 * APPROVAL_MS))).toMatchObject({ decision: "expired" });
  });

  test("goes when it is approved, also after it was escalated, but not while its seller is suspended", () => {
    const approved: Standing = {
      ...large,
      state: "awaiting_approval",
      decision: "approved",
      isEscalated: true,
    };
    expect(advanced(approved, at(0)).state).toBe("cleared");
    expect(advanced(approved, at(0, true)).state).toBe("suspended");
  });
});

test("whatever time passes and whoever is suspended: only what is small or approved is ever cleared, and what was said stays said", () => {
  const anyStanding = fc.record({
    state: fc.constantFrom(...PayoutState.options),
    needsApproval: fc.boolean(),
    decision: fc.constantFrom(null, "approved", "denied", "cancelled", "expired"),
    isEscalated: fc.boolean(),
    dueAtMs: fc.option(fc.integer({ min: 0, max: 10_000 })),
  }) as fc.Arbitrary<Standing>;
  const anyAround = fc.record({
    isSuspended: fc.boolean(),
    nowMs: fc.integer({ min: 0, max: 10_000 }),
    approvalMs: fc.constant(APPROVAL_MS),
  });
  fc.assert(
    fc.property(anyStanding, anyAround, (before, around) => {
      const after = advanced(before, around);
      const isOver = !["requested", "awaiting_approval", "suspended"].includes(before.state);
      const isCleared = after.state === "cleared" && before.state !== "cleared";
      const mayClear = !around.isSuspended && (!before.needsApproval || before.decision === "approved");
      expect(after.decision).toBe(before.decision ?? after.decision);
      expect(isCleared && !mayClear).toBe(false);
      expect(isOver && after !== before).toBe(false);
    }),
  );
});

test("what came to nothing is called by its reason", () => {
  const refused = (code: string) => endingOf({ code, status: 409, message: "", data: {} });
  expect(refused("FUNDS_SHORT")).toBe("refused");
  expect(refused("PAYOUT_DENIED")).toBe("denied");
  expect(refused("PAYOUT_CANCELLED")).toBe("cancelled");
  expect(refused("TRANSFER_REFUSED")).toBe("failed");
  expect(refused("PAYOUT_STOPPED")).toBe("failed");
});

test("whole units of a currency are counted in its own minor units", () => {
  expect([unitsOf(10, "USD"), unitsOf(10, "VND"), unitsOf(10, "KWD")].map(({ minor }) => minor)).toEqual([
    1_000, 10, 10_000,
  ]);
});
