import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Terms } from "@shopnexus/contracts/promotion/terms";
import { bundle, buyGet, euro, percent, tiered } from "../_kit/proof/table.ts";
import { viewOf } from "../_kit/reading.ts";
import {
  beConsistent,
  columnsOf,
  type HoldEvent,
  type HoldState,
  NEXT,
  shiftOf,
  targetRowsOf,
} from "./rules.ts";

const terms = (rest: Partial<Terms> = {}): Terms => ({
  name: "Autumn",
  discount: { kind: "percent", basisPoints: 1_000 },
  budget: { minor: 10_000, currency: "EUR" },
  startsAt: "2026-01-01T00:00:00.000Z",
  endsAt: "2026-02-01T00:00:00.000Z",
  ...rest,
});
const fixed = (currency: string): Terms["discount"] => ({
  kind: "fixed",
  amount: { minor: 5, currency },
});

const SELLER = freshId("acc");
const crossed = (why: string) => expect.objectContaining({ code: "TERMS_CROSSED", data: { why } });
const schedule = { cron: "0 9 * * 1-5", timeZone: "Asia/Ho_Chi_Minh", minutes: 60 };

describe("terms", () => {
  test.each<[string, Partial<Terms>]>([
    ["it ends before it starts", { endsAt: "2026-01-01T00:00:00.000Z" }],
    ["it ends before it starts", { endsAt: "2025-01-01T00:00:00Z" }],
    ["its amounts are of two currencies", { discount: fixed("USD") }],
    ["its amounts are of two currencies", { minimum: { minor: 1, currency: "USD" } }],
    ["its amounts are of two currencies", { cap: { minor: 1, currency: "USD" } }],
    ["parcels and cashback take a percentage or an amount", { gives: "shipping", discount: buyGet(2, 1) }],
    ["cashback is paid by the platform", { gives: "cashback" }],
    ["two tiers begin at the same count of pieces", { discount: twice() }],
    [
      "the items of a bundle are its targets",
      { discount: bundle({ 1: 1 }, 5), targets: [{ kind: "category", category: "hats" }] },
    ],
    ["a bundle is more than a line", { discount: bundle({ 1: 1 }, 5), level: "line" }],
    ["a bundle names an item twice", { discount: bundleTwice() }],
    ["it has a code, and coupons bring it", { code: "AUTUMN", byCoupon: true }],
    ["a seller's promotion is paid by the seller", { paidBy: "platform" }],
  ])("are TERMS_CROSSED: %s", (why, rest) => {
    expect(() => beConsistent(terms(rest), SELLER)).toThrow(crossed(why));
  });

  test("that agree with themselves are not", () => {
    for (const fine of [terms(), terms({ discount: fixed("EUR") }), terms({ schedule })])
      expect(() => beConsistent(fine, SELLER)).not.toThrow();
    expect(() => beConsistent(terms({ paidBy: "platform" }), null)).not.toThrow();
  });

  test("with a schedule that nobody can read are INVALID_INPUT", () => {
    const wrong = [{ cron: "61 9 * * *" }, { timeZone: "Asia/Nowhere" }, { cron: "0 0 31 2 *" }];
    for (const part of wrong)
      expect(() => beConsistent(terms({ schedule: { ...schedule, ...part } }), null)).toThrow(
        expect.objectContaining({ code: "INVALID_INPUT" }),
      );
  });

  test("come back from their columns as they went, what was left open filled in", () => {
    for (const given of [
      terms(),
      terms({ code: "AUTUMN", priority: 0 }),
      terms({
        discount: fixed("EUR"),
        minimum: euro(5),
        cap: euro(6),
        uses: 3,
        accountUses: 1,
        group: "autumn",
      }),
      terms({ discount: tiered({ 3: 1_000 }), level: "line", exclusive: true, byCoupon: true }),
      terms({ discount: buyGet(2, 1), targets: [{ kind: "category", category: "hats" }], schedule }),
      terms({ discount: bundle({ 1: 2 }, 500), paidBy: "seller" }),
      terms({ discount: percent(500), gives: "shipping", targets: [{ kind: "seller", sellerId: SELLER }] }),
    ]) {
      expect(Terms.parse(given)).toEqual(given);
      const row = { ...columnsOf(given, null), ...KEPT };
      const keys = targetRowsOf(given, row.promotionId, null).map(({ key }) => key);
      expect(viewOf(row, keys)).toEqual({ ...FILLED, ...given, ...SEEN });
    }
  });

  test("without targets are for everything, and of a seller for the seller's own", () => {
    const keysOf = (sellerId: string | null) =>
      targetRowsOf(terms(), "prm_1", sellerId).map(({ key }) => key);
    expect([keysOf(null), keysOf(SELLER)]).toEqual([["all"], [`seller:${SELLER}`]]);
    expect(targetRowsOf(terms({ byCoupon: true }), "prm_1", null)[0]?.isAutomatic).toBe(false);
    expect(columnsOf(terms(), SELLER).paidBy).toBe("seller");
  });
});

function twice(): Terms["discount"] {
  const tier = { fromPieces: 2, basisPoints: 100 };
  return { kind: "tiered", tiers: [tier, tier] };
}
function bundleTwice(): Terms["discount"] {
  const item = { skuId: freshId("sku"), pieces: 1 };
  return { kind: "bundle", items: [item, item], price: euro(1) };
}

const FILLED = { priority: 100, gives: "goods", level: "order", paidBy: "platform" };
const KEPT = {
  promotionId: "prm_1",
  sellerId: null,
  createdBy: "acc_1",
  heldMinor: 3,
  redeemedMinor: 4,
  usesHeld: 1,
  usesRedeemed: 2,
  version: 5,
  stoppedAt: new Date(0),
  createdAt: new Date(0),
};
const SEEN = {
  promotionId: "prm_1",
  sellerId: null,
  held: { minor: 3, currency: "EUR" },
  redeemed: { minor: 4, currency: "EUR" },
  used: 3,
  version: 5,
  stoppedAt: "1970-01-01T00:00:00.000Z",
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
