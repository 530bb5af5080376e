import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NextAction } from "@shopnexus/contracts/order/line";
import { carry, chargedBy, giveBack, type Move, type Purse, release } from "./money.ts";
import { moneyOf, waitingOf } from "./reading.ts";

const NEW: Purse = {
  totalMinor: 0,
  shippingMinor: 0,
  commissionMinor: 0,
  paidMinor: 0,
  escrowMinor: 0,
  carriedMinor: 0,
  releasedMinor: 0,
  returnedMinor: 0,
  clawedMinor: 0,
  uncarriedMinor: 0,
  chargedMinor: 0,
  platformDiscountMinor: 0,
  subsidizedMinor: 0,
  cashbackMinor: 0,
  rewardedMinor: 0,
  sellerCarriageMinor: 0,
  borneMinor: 0,
};

const moved = (purse: Purse, move: Move): Purse => {
  const next = {
    ...purse,
    carriedMinor: purse.carriedMinor + move.carriedMinor,
    releasedMinor: purse.releasedMinor + move.releasedMinor,
    returnedMinor: purse.returnedMinor + move.returnedMinor,
    clawedMinor: purse.clawedMinor + move.clawedMinor,
    uncarriedMinor: purse.uncarriedMinor + move.uncarriedMinor,
    chargedMinor: purse.chargedMinor + chargedBy(move),
  };
  const kept = next.returnedMinor - next.clawedMinor - next.uncarriedMinor;
  return { ...next, escrowMinor: next.paidMinor - next.carriedMinor - next.releasedMinor - kept };
};

describe("moneyOf", () => {
  const step = fc.oneof(
    fc.constant((purse: Purse) => moved(purse, carry(purse))),
    fc.constant((purse: Purse) => moved(purse, release(purse))),
    fc.tuple(fc.nat(2_000), fc.boolean()).map(
      ([minor, withCarriage]) =>
        (purse: Purse) =>
          moved(purse, giveBack(purse, minor, withCarriage)),
    ),
  );
  const purse = fc
    .tuple(fc.nat(3_000), fc.nat(500), fc.array(step, { maxLength: 6 }))
    .map(([totalMinor, shippingMinor, steps]) => {
      const paidMinor = totalMinor + shippingMinor;
      const paid: Purse = { ...NEW, totalMinor, shippingMinor, paidMinor, escrowMinor: paidMinor };
      return steps.reduce((now, next) => next(now), paid);
    });

  it("all that was paid is in one of four places, whatever has happened, and nothing is below zero", () => {
    fc.assert(
      fc.property(fc.array(purse), (purses) => {
        const places = Object.values(moneyOf(purses, "USD")).map(({ minor }) => minor);
        expect(places.reduce((sum, minor) => sum + minor, 0)).toBe(
          purses.reduce((sum, { paidMinor }) => sum + paidMinor, 0),
        );
        for (const minor of places) expect(minor).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("waitingOf", () => {
  const line = (lineId: string, action: NextAction, at: string | null) => ({ lineId, next: { action, at } });

  it("lines that wait for the same until the same time are told together, what is due first first", () => {
    const told = waitingOf([
      line("lin_a", "pay_seller", "2026-02-02T00:00:00.000Z"),
      line("lin_b", "cancel_and_refund", "2026-01-01T00:00:00.000Z"),
      line("lin_c", "nothing", null),
      line("lin_d", "pay_seller", "2026-02-02T00:00:00.000Z"),
      line("lin_e", "resolve_claim", null),
    ]);
    expect(told.map(({ lineIds, code, at }) => [lineIds, code, at])).toEqual([
      [["lin_b"], "cancel_and_refund", "2026-01-01T00:00:00.000Z"],
      [["lin_a", "lin_d"], "pay_seller", "2026-02-02T00:00:00.000Z"],
      [["lin_e"], "resolve_claim", null],
    ]);
  });

  it("whatever happens of itself is said in a sentence", () => {
    for (const action of NextAction.options.filter((one) => one !== "nothing")) {
      const [waiting] = waitingOf([line("lin_a", action, null)]);
      expect(waiting?.says).toMatch(/^[A-Z].*\.$/);
    }
  });
});
