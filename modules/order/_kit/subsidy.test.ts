import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Party,
  releaseEntry,
  reinstateEntry,
  returnEntry,
  rewardAgainEntry,
  totalsOf,
  unrewardEntry,
} from "./entries.ts";
import { carry, chargedBy, escrowOut, giveBack, type Move, type Purse, release, reverse } from "./money.ts";

type Sold = {
  readonly totalMinor: number;
  readonly shippingMinor: number;
  readonly platformDiscountMinor: number;
  readonly sellerCarriageMinor?: number;
  /** Of what is paid and of what is sold, in thousandths. */
  readonly back: number;
  readonly fee: number;
};

const purseOf = ({ back, fee, sellerCarriageMinor = 0, ...whole }: Sold): Purse => ({
  ...whole,
  sellerCarriageMinor,
  commissionMinor: Math.floor(((whole.totalMinor + whole.platformDiscountMinor) * fee) / 1_000),
  cashbackMinor: Math.floor((whole.totalMinor * back) / 1_000),
  paidMinor: whole.totalMinor + whole.shippingMinor,
  escrowMinor: whole.totalMinor + whole.shippingMinor,
  carriedMinor: 0,
  releasedMinor: 0,
  returnedMinor: 0,
  clawedMinor: 0,
  uncarriedMinor: 0,
  chargedMinor: 0,
  subsidizedMinor: 0,
  rewardedMinor: 0,
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
  subsidizedMinor: purse.subsidizedMinor + move.subsidizedMinor,
  rewardedMinor: purse.rewardedMinor + move.rewardedMinor,
  borneMinor: purse.borneMinor + move.borneMinor,
});

/** Small amounts round most. */
const minor = fc.oneof(fc.nat(40), fc.nat(1_000_000));
const sold: fc.Arbitrary<Sold> = fc.record({
  totalMinor: minor,
  shippingMinor: fc.nat(300),
  platformDiscountMinor: minor,
  sellerCarriageMinor: fc.nat(300),
  back: fc.nat(1_000),
  fee: fc.nat(1_000),
});
const ALL_MINOR = 10_000_000;
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom("carry" as const, "release" as const) }),
    fc.record({ kind: fc.constant("return" as const), minor, withCarriage: fc.boolean() }),
    fc.record({ kind: fc.constant("undo" as const), nth: fc.nat(20) }),
  ),
  { maxLength: 24 },
);

/** Whatever happens, each return at most once undone; calls back with every movement and what it was made of. */
const live = (
  whole: Sold,
  happened: typeof steps extends fc.Arbitrary<infer T> ? T : never,
  look: (move: Move, kind: string, after: Purse) => void,
): Purse => {
  let purse = purseOf(whole);
  const returns: Move[] = [];
  for (const step of happened) {
    const undone =
      step.kind === "undo" ? returns.splice(step.nth % Math.max(1, returns.length), 1)[0] : undefined;
    if (step.kind === "undo" && undone === undefined) continue;
    const move =
      step.kind === "carry"
        ? carry(purse)
        : step.kind === "return"
          ? giveBack(purse, step.minor, step.withCarriage)
          : undone === undefined
            ? release(purse)
            : reverse(undone);
    if (step.kind === "return") returns.push(move);
    purse = apply(purse, move);
    look(move, step.kind, purse);
  }
  return purse;
};

describe("what the platform pays beside the money of a line", () => {
  test("never more than was promised and never less than nothing, whatever comes back in whatever parts, and is put back", () => {
    fc.assert(
      fc.property(sold, steps, (whole, happened) => {
        const end = live(whole, happened, (move, kind, purse) => {
          expect(purse.subsidizedMinor).toBeGreaterThanOrEqual(0);
          expect(purse.subsidizedMinor).toBeLessThanOrEqual(purse.platformDiscountMinor);
          expect(purse.chargedMinor).toBeGreaterThanOrEqual(0);
          expect(purse.chargedMinor).toBeLessThanOrEqual(purse.commissionMinor);
          expect(purse.rewardedMinor).toBeGreaterThanOrEqual(0);
          expect(purse.rewardedMinor).toBeLessThanOrEqual(purse.cashbackMinor);
          expect(purse.borneMinor).toBeLessThanOrEqual(purse.sellerCarriageMinor);
          expect(move.borneMinor).toBeGreaterThanOrEqual(0);
          expect(move.borneMinor).toBeLessThanOrEqual(kind === "release" ? purse.borneMinor : 0);
          const toSeller = move.releasedMinor - move.clawedMinor + move.subsidizedMinor;
          const gain = kind === "release" ? toSeller - move.commissionMinor - move.borneMinor : 0;
          const loss = kind === "return" ? toSeller + move.commissionMinor : 0;
          expect(gain).toBeGreaterThanOrEqual(0);
          expect(loss).toBeLessThanOrEqual(0);
        });
        const gone = apply(end, giveBack(end, ALL_MINOR));
        expect(gone.rewardedMinor).toBe(0);
        // Of goods that cost nothing nothing can come back.
        const { subsidizedMinor, chargedMinor } = whole.totalMinor === 0 ? end : purseOf(whole);
        expect(gone).toMatchObject({ subsidizedMinor, chargedMinor });
      }),
      { numRuns: 1_000 },
    );
  });

  test("a line that nothing comes back of brings its seller what it would without the discount, less commission", () => {
    fc.assert(
      fc.property(sold, (whole) => {
        const purse = purseOf(whole);
        const move = release(apply(purse, carry(purse)));
        expect(move).toMatchObject({
          releasedMinor: whole.totalMinor,
          subsidizedMinor: whole.platformDiscountMinor,
          rewardedMinor: purse.cashbackMinor,
          commissionMinor: purse.commissionMinor,
        });
        const earned = whole.totalMinor + whole.platformDiscountMinor - purse.commissionMinor;
        expect(move.borneMinor).toBe(Math.min(purse.sellerCarriageMinor, earned));
      }),
    );
  });

  test("in proportion to what is left, rounded down, and once for every minor unit", () => {
    const purse = purseOf({
      totalMinor: 1_000,
      shippingMinor: 0,
      platformDiscountMinor: 105,
      back: 50,
      fee: 100,
    });
    const early = apply(purse, giveBack(purse, 300));
    const paid = release(early);
    expect(paid).toMatchObject({
      releasedMinor: 700,
      subsidizedMinor: 73,
      rewardedMinor: 35,
      commissionMinor: 76,
    });
    const back = giveBack(apply(early, paid), 333);
    expect(back).toMatchObject({ clawedMinor: 333, subsidizedMinor: 38 - 73, rewardedMinor: 18 - 35 });
    const rest = giveBack(apply(apply(early, paid), back), ALL_MINOR);
    expect(rest).toMatchObject({ clawedMinor: 367, subsidizedMinor: -38, rewardedMinor: -18 });
    expect(back.commissionMinor + rest.commissionMinor).toBe(76);
  });

  test("what a seller pays of carriage is taken once, out of what comes in, and stays when goods come back", () => {
    const sold = { totalMinor: 1_000, shippingMinor: 0, platformDiscountMinor: 0, back: 0, fee: 100 };
    const purse = purseOf({ ...sold, sellerCarriageMinor: 400 });
    expect(carry(purse).borneMinor).toBe(0);
    const paid = release(purse);
    expect(paid).toMatchObject({ releasedMinor: 1_000, commissionMinor: 100, borneMinor: 400 });
    const after = apply(purse, paid);
    expect(giveBack(after, 500)).toMatchObject({ clawedMinor: 500, commissionMinor: 50, borneMinor: 0 });
    expect(release(after).borneMinor).toBe(0);
    // Of 300 that is left the seller keeps nothing, and the platform the rest of the carriage to pay.
    const early = apply(purse, giveBack(purse, 700));
    const short = release(early);
    expect(short).toMatchObject({ releasedMinor: 300, commissionMinor: 30, borneMinor: 270 });
    const gone = apply(purse, giveBack(purse, ALL_MINOR));
    expect(release(gone).borneMinor).toBe(0);
  });

  test("what a later release brings pays what is left of the carriage, and no more", () => {
    const sold = { totalMinor: 1_000, shippingMinor: 0, platformDiscountMinor: 0, back: 0, fee: 0 };
    const purse = purseOf({ ...sold, sellerCarriageMinor: 400 });
    const taken = giveBack(purse, 700);
    const early = apply(purse, taken);
    const first = apply(early, release(early));
    expect(first.borneMinor).toBe(300);
    const putBack = apply(first, reverse(taken));
    const second = apply(putBack, release(putBack));
    expect([second.releasedMinor, second.borneMinor]).toEqual([1_000, 400]);
  });

  test("goods that the platform pays alone are paid for when their window is over, once", () => {
    const purse = purseOf({
      totalMinor: 0,
      shippingMinor: 200,
      platformDiscountMinor: 900,
      back: 0,
      fee: 100,
    });
    const move = release(purse);
    expect(move).toMatchObject({ releasedMinor: 0, subsidizedMinor: 900, commissionMinor: 90 });
    expect(release(apply(purse, move))).toMatchObject({ subsidizedMinor: 0, commissionMinor: 0 });
    expect(giveBack(apply(purse, move), ALL_MINOR)).toMatchObject({ subsidizedMinor: 0, commissionMinor: 0 });
  });
});

describe("its entries", () => {
  const party = (sellerCurrency = "USD", sellerRate = "1"): Party => ({
    orderId: `ord_${"1".repeat(32)}`,
    sellerId: `acc_${"2".repeat(32)}`,
    currency: "USD",
    sellerCurrency,
    sellerRate,
  });
  const BUYER = `acc_${"3".repeat(32)}`;
  const SOLD = {
    totalMinor: 1_000,
    shippingMinor: 0,
    platformDiscountMinor: 100,
    sellerCarriageMinor: 90,
    back: 50,
    fee: 100,
  };

  test("each adds up to zero in each currency; put back, everything is where it was", () => {
    for (const [whose, rate] of [[party(), 1] as const, [party("VND", "25000"), 250] as const]) {
      const purse = purseOf(SOLD);
      const paid = release(purse);
      const cashback = { buyerId: BUYER, minor: paid.rewardedMinor };
      const released = releaseEntry("k", whose, { ...paid, grossMinor: paid.releasedMinor, cashback });
      expect(released[0]?.lines).toContainEqual({ account: "platform:shipping", minor: 90, currency: "USD" });
      const totals = totalsOf([giveBack(apply(purse, paid), 400)]);
      const to = [{ account: "gateway:stripe", minor: 400 }];
      const returned = { key: "r", kind: "chargeback" as const, party: whose, totals, to };
      const taken = [...returnEntry(returned), ...unrewardEntry(returned, BUYER)];
      const putBack = [...reinstateEntry(returned), ...rewardAgainEntry(returned, BUYER)];
      const entries = [...released, ...taken, ...putBack];
      expect(new Set(entries.map(({ entryKey }) => entryKey)).size).toBe(6);
      for (const { lines } of entries)
        for (const own of Map.groupBy(lines, ({ currency }) => currency).values())
          expect(own.reduce((sum, line) => sum + line.minor, 0)).toBe(0);
      const after = (some: typeof entries) =>
        some
          .flatMap(({ lines }) => lines)
          .filter(({ account }) => account === `wallet:${whose.sellerId}` || account === `wallet:${BUYER}`)
          .map(({ minor: amount }) => amount);
      expect(after(released)).toEqual([900 * rate, 50]);
      expect(after(taken)).toEqual([-396 * rate, -20]);
      expect(after(putBack)).toEqual([396 * rate, 20]);
    }
  });

  test("only what is taken back may take a buyer below zero", () => {
    const totals = { ...totalsOf([]), returnedMinor: 1, clawedMinor: 1, rewardedMinor: -1 };
    const returned = { key: "r", party: party(), totals };
    expect(unrewardEntry(returned, BUYER)[0]?.overdraws).toBe(true);
    expect(rewardAgainEntry(returned, BUYER)[0]?.overdraws).toBeUndefined();
    expect(unrewardEntry({ ...returned, totals: totalsOf([]) }, BUYER)).toEqual([]);
  });
});
