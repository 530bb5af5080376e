import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  carry,
  chargedBy,
  commissionOf,
  escrowOut,
  giveBack,
  type Move,
  type Purse,
  release,
  returnable,
  reverse,
  sellerMinor,
  shareOut,
  splitTender,
} from "./money.ts";
import { type Party, releaseEntry, reinstateEntry, returnEntry, carryEntry, totalsOf } from "./entries.ts";

const purseOf = (totalMinor: number, shippingMinor: number, commissionMinor: number): Purse => ({
  totalMinor,
  shippingMinor,
  commissionMinor: Math.min(commissionMinor, totalMinor),
  paidMinor: totalMinor + shippingMinor,
  escrowMinor: totalMinor + shippingMinor,
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
});

const apply = (purse: Purse, move: Move): Purse => ({
  ...purse,
  escrowMinor: purse.escrowMinor - escrowOut(move),
  carriedMinor: purse.carriedMinor + move.carriedMinor,
  releasedMinor: purse.releasedMinor + move.releasedMinor,
  returnedMinor: purse.returnedMinor + move.returnedMinor,
  clawedMinor: purse.clawedMinor + move.clawedMinor,
  uncarriedMinor: purse.uncarriedMinor + move.uncarriedMinor,
  chargedMinor: purse.chargedMinor + chargedBy(move),
});

/** What the CHECKs of the table say. */
const beSound = (purse: Purse): void => {
  const fromEscrow = purse.returnedMinor - purse.clawedMinor - purse.uncarriedMinor;
  expect(purse.escrowMinor).toBe(purse.paidMinor - purse.carriedMinor - purse.releasedMinor - fromEscrow);
  expect(purse.escrowMinor).toBeGreaterThanOrEqual(0);
  expect(purse.returnedMinor).toBeLessThanOrEqual(purse.paidMinor);
  expect(purse.clawedMinor).toBeLessThanOrEqual(purse.releasedMinor);
  expect(purse.uncarriedMinor).toBeLessThanOrEqual(purse.carriedMinor);
  expect(purse.carriedMinor).toBeLessThanOrEqual(purse.shippingMinor);
  for (const minor of Object.values(purse)) expect(minor).toBeGreaterThanOrEqual(0);
};

const minor = fc.integer({ min: 0, max: 1_000_000 });
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom("carry" as const, "release" as const) }),
    fc.record({ kind: fc.constantFrom("return" as const, "return_all" as const), minor }),
    fc.record({ kind: fc.constant("undo" as const) }),
  ),
  { maxLength: 20 },
);

describe("the money of a line", () => {
  test("whatever happens in whatever order, every minor unit is in one place and none below zero", () => {
    fc.assert(
      fc.property(minor, minor, minor, steps, (total, shipping, commission, happened) => {
        let purse = purseOf(total, shipping, commission);
        let last: Move | undefined;
        for (const step of happened) {
          if (step.kind === "undo" && last === undefined) continue;
          const move = moveOf(purse, step, last);
          purse = apply(purse, move);
          last = step.kind === "return" || step.kind === "return_all" ? move : undefined;
          beSound(purse);
        }
        expect(purse.paidMinor).toBe(total + shipping);
      }),
      { numRuns: 500 },
    );
  });

  const moveOf = (purse: Purse, step: { kind: string; minor?: number }, last: Move | undefined): Move => {
    if (step.kind === "carry") return carry(purse);
    if (step.kind === "release") return release(purse);
    if (step.kind === "undo" && last !== undefined) return reverse(last);
    return giveBack(
      purse,
      step.kind === "return_all" ? 10_000_000 : (step.minor ?? 0),
      step.kind === "return_all",
    );
  };

  test("the commission of all parts is the whole commission, and comes back whole when all is given back", () => {
    fc.assert(
      fc.property(minor, minor, fc.array(minor, { maxLength: 6 }), (total, commission, parts) => {
        let purse = purseOf(total, 0, commission);
        const released = release(purse);
        expect(released.commissionMinor).toBe(total === 0 ? 0 : purse.commissionMinor);
        purse = apply(purse, released);
        let back = 0;
        for (const part of [...parts, 10_000_000]) {
          const move = giveBack(purse, part);
          back += move.commissionMinor;
          purse = apply(purse, move);
        }
        expect(back).toBe(released.commissionMinor);
        expect(returnable(purse)).toBe(0);
      }),
    );
  });

  test("money goes back out of escrow first, then from the seller, and carriage only when that is asked for", () => {
    const carried = apply(purseOf(1_000, 200, 100), carry(purseOf(1_000, 200, 100)));
    expect(giveBack(carried, 5_000)).toMatchObject({
      returnedMinor: 1_000,
      clawedMinor: 0,
      uncarriedMinor: 0,
    });
    expect(giveBack(carried, 5_000, true)).toMatchObject({ returnedMinor: 1_200, uncarriedMinor: 200 });
    const released = apply(carried, release(carried));
    expect(giveBack(released, 500)).toMatchObject({
      returnedMinor: 500,
      clawedMinor: 500,
      commissionMinor: 50,
    });
  });
});

describe("shares", () => {
  test("an amount is shared out to the unit, and nobody gives more than there is", () => {
    fc.assert(
      fc.property(minor, fc.array(minor, { minLength: 1, maxLength: 20 }), (amount, capacities) => {
        const shares = shareOut(amount, capacities);
        const whole = capacities.reduce((sum, one) => sum + one, 0);
        expect(shares.reduce((sum, one) => sum + one, 0)).toBe(Math.min(amount, whole));
        for (const [at, share] of shares.entries()) expect(share).toBeLessThanOrEqual(capacities[at] ?? 0);
      }),
    );
  });

  test("many refunds of one tender take exactly what each part gave, whatever their order", () => {
    fc.assert(
      fc.property(minor, minor, fc.array(minor, { maxLength: 8 }), (gatewayMinor, walletMinor, refunds) => {
        let returned = 0;
        let gateway = 0;
        let wallet = 0;
        for (const wanted of [...refunds, gatewayMinor + walletMinor]) {
          const amount = Math.min(wanted, gatewayMinor + walletMinor - returned);
          const parts = splitTender({ gatewayMinor, walletMinor }, returned, amount);
          expect(parts.gatewayMinor).toBeGreaterThanOrEqual(0);
          expect(parts.walletMinor).toBeGreaterThanOrEqual(0);
          returned += amount;
          gateway += parts.gatewayMinor;
          wallet += parts.walletMinor;
        }
        expect([gateway, wallet]).toEqual([gatewayMinor, walletMinor]);
      }),
    );
  });

  test("a commission is basis points and a fixed part, and never more than the goods cost", () => {
    expect(commissionOf(10_000, { basisPoints: 750, fixedMinor: 30 })).toBe(780);
    expect(commissionOf(20, { basisPoints: 750, fixedMinor: 30 })).toBe(20);
    expect(commissionOf(0, { basisPoints: 750, fixedMinor: 30 })).toBe(0);
  });
});

describe("ledger entries of an order", () => {
  const party = (sellerCurrency = "USD", sellerRate = "1"): Party => ({
    orderId: `ord_${"1".repeat(32)}`,
    sellerId: `acc_${"2".repeat(32)}`,
    currency: "USD",
    sellerCurrency,
    sellerRate,
  });
  const sums = (entries: ReturnType<typeof returnEntry>) =>
    entries.map(({ lines }) =>
      Object.fromEntries(
        [...Map.groupBy(lines, ({ currency }) => currency)].map(([currency, own]) => [
          currency,
          own.reduce((sum, line) => sum + line.minor, 0),
        ]),
      ),
    );

  test("each adds up to zero in each currency, also where the seller is paid in another one", () => {
    for (const whose of [party(), party("VND", "25000")]) {
      const totals = { returnedMinor: 900, clawedMinor: 400, uncarriedMinor: 100, commissionMinor: 40 };
      const to = [
        { account: "gateway:stripe", minor: 600 },
        { account: `wallet:acc_${"3".repeat(32)}`, minor: 300 },
      ];
      const returned = { key: "a", kind: "refund" as const, party: whose, totals, to };
      const entries = [
        ...carryEntry("k", whose, 200),
        ...releaseEntry("k", whose, { grossMinor: 1_000, commissionMinor: 75 }),
        ...returnEntry(returned),
        ...reinstateEntry(returned),
      ];
      expect(entries).toHaveLength(4);
      for (const sum of sums(entries)) for (const total of Object.values(sum)) expect(total).toBe(0);
    }
  });

  test("only what comes from a seller who was paid may take that seller below zero", () => {
    const to = [{ account: "gateway:stripe", minor: 500 }];
    const of = (clawedMinor: number) =>
      returnEntry({
        key: "a",
        kind: "refund",
        party: party(),
        totals: { returnedMinor: 500, clawedMinor, uncarriedMinor: 0, commissionMinor: 0 },
        to,
      })[0]?.overdraws;
    expect(of(0)).toBeUndefined();
    expect(of(500)).toBe(true);
  });

  test("nothing moved is no entry; several movements are one", () => {
    expect(carryEntry("k", party(), 0)).toEqual([]);
    const beside = { subsidizedMinor: 0, rewardedMinor: 0 };
    const move = { returnedMinor: 1, clawedMinor: 1, uncarriedMinor: 0, commissionMinor: 0, ...beside };
    expect(totalsOf([move, move])).toEqual({ ...move, returnedMinor: 2, clawedMinor: 2 });
  });

  test("a seller's amount follows the frozen rate", () => {
    expect(sellerMinor(1_000, party("VND", "25000"))).toBe(250_000);
    expect(sellerMinor(1_000, party())).toBe(1_000);
  });
});
