import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  areCrossed,
  columnsOf,
  type HoldEvent,
  type HoldState,
  NEXT,
  shiftOf,
  type TermsGiven,
  viewOf,
} from "./rules.ts";

const terms = (rest: Partial<TermsGiven> = {}): TermsGiven => ({
  name: "Autumn",
  discount: { kind: "percent", basisPoints: 1_000 },
  budget: { minor: 10_000, currency: "EUR" },
  startsAt: "2026-01-01T00:00:00.000Z",
  endsAt: "2026-02-01T00:00:00.000Z",
  ...rest,
});
const fixed = (currency: string): TermsGiven["discount"] => ({
  kind: "fixed",
  amount: { minor: 5, currency },
});

describe("terms", () => {
  test("are crossed when they end before or when they start, or count in two currencies", () => {
    expect(areCrossed(terms())).toBe(false);
    expect(areCrossed(terms({ discount: fixed("EUR") }))).toBe(false);
    expect(areCrossed(terms({ endsAt: "2026-01-01T00:00:00.000Z" }))).toBe(true);
    expect(areCrossed(terms({ endsAt: "2025-01-01T00:00:00Z" }))).toBe(true);
    expect(areCrossed(terms({ discount: fixed("USD") }))).toBe(true);
  });

  test("come back from their columns as they went, the priority filled in", () => {
    for (const given of [
      terms(),
      terms({ code: "AUTUMN", priority: 0 }),
      terms({ discount: fixed("EUR") }),
    ]) {
      const row = { ...columnsOf(given), ...KEPT };
      expect(viewOf(row)).toEqual({ priority: 100, ...given, ...SEEN });
    }
  });
});

const KEPT = {
  promotionId: "prm_1",
  sellerId: null,
  createdBy: "acc_1",
  heldMinor: 3,
  redeemedMinor: 4,
  createdAt: new Date(0),
};
const SEEN = {
  promotionId: "prm_1",
  sellerId: null,
  held: { minor: 3, currency: "EUR" },
  redeemed: { minor: 4, currency: "EUR" },
};

describe("a hold, after any events in any order", () => {
  const EVENTS: readonly HoldEvent[] = ["hold", "free", "redeem", "restore"];
  type State = HoldState | "absent";
  const after = (state: State, event: HoldEvent): State => {
    const next = NEXT[state][event];
    return next === "gone" ? state : next;
  };
  const anyEvents = fc.array(fc.constantFrom(...EVENTS), { maxLength: 12 });
  const run = (events: readonly HoldEvent[]): State => events.reduce(after, "absent");

  test("does not change when its last event comes again", () => {
    fc.assert(
      fc.property(anyEvents, fc.constantFrom(...EVENTS), (events, last) => {
        expect(run([...events, last, last])).toBe(run([...events, last]));
      }),
    );
  });

  test("never refuses an undo", () => {
    fc.assert(
      fc.property(anyEvents, fc.constantFrom("free" as const, "restore" as const), (events, undo) => {
        expect(NEXT[run(events)][undo]).not.toBe("gone");
      }),
    );
  });

  test("is freed for good: no late do takes anything again", () => {
    fc.assert(
      fc.property(anyEvents, anyEvents, (before, late) => {
        fc.pre(run(before) === "freed");
        expect(run([...before, ...late])).toBe("freed");
      }),
    );
  });

  test("ends freed when it is restored and then freed, whatever came before, and late dos change nothing", () => {
    fc.assert(
      fc.property(anyEvents, anyEvents, (before, late) => {
        expect(run([...before, "restore", "free", ...late])).toBe("freed");
      }),
    );
  });

  test("counts in its budgets by its state alone, however it came there", () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        let state: State = "absent";
        let [held, redeemed] = [0, 0];
        for (const event of events) {
          const next = after(state, event);
          if (next !== "absent") {
            const shift = shiftOf(state === "absent" ? "freed" : state, next);
            [held, redeemed] = [held + shift.held, redeemed + shift.redeemed];
          }
          state = next;
        }
        expect([held, redeemed]).toEqual([
          state === "held" || state === "restored" ? 1 : 0,
          state === "redeemed" ? 1 : 0,
        ]);
      }),
    );
  });
});
