import * as fc from "fast-check";
import { expect, test } from "vitest";
import { capacityOf, movesOfShares, type Pot, splitOf } from "./rules.ts";

const pot = (rest: Partial<Pot> = {}): Pot => ({
  gatewayMinor: 1_000,
  gatewayReturnedMinor: 0,
  chargedBackMinor: 0,
  leftToBankMinor: 0,
  earlierLinesMinor: 0,
  earlierSuspenseMinor: 0,
  ...rest,
});

test("a bank that takes all takes all that the lines hold at its gateway, and nothing of the wallet's part", () => {
  expect(splitOf(1_000, pot(), 1_500)).toEqual({ linesMinor: 1_000, suspenseMinor: 0, tenderMinor: 1_000 });
});

test("what a refund had given up and the bank takes instead is not taken from a line again", () => {
  const after = splitOf(1_000, pot({ leftToBankMinor: 300 }), 700);
  expect(after).toEqual({ linesMinor: 700, suspenseMinor: 300, tenderMinor: 1_000 });
  const part = splitOf(200, pot({ leftToBankMinor: 300 }), 700);
  expect(part).toEqual({ linesMinor: 0, suspenseMinor: 200, tenderMinor: 200 });
});

test("a refund that is promised and not made yet leaves the bank less of the lines, and the rest waits for it", () => {
  const split = splitOf(1_000, pot({ gatewayReturnedMinor: 300 }), 700);
  expect(split).toEqual({ linesMinor: 700, suspenseMinor: 300, tenderMinor: 700 });
});

test("two banks' wishes never take more out of the lines than is there", () => {
  const first = splitOf(600, pot(), 1_000);
  const second = splitOf(600, pot({ chargedBackMinor: 600, earlierLinesMinor: 600 }), 400);
  expect([first.linesMinor, second.linesMinor, second.suspenseMinor]).toEqual([600, 400, 200]);
});

const anyPot = fc
  .record({
    gatewayMinor: fc.nat(10_000),
    returned: fc.nat(10_000),
    charged: fc.nat(10_000),
    leftToBankMinor: fc.nat(10_000),
    earlierLinesMinor: fc.nat(10_000),
    earlierSuspenseMinor: fc.nat(10_000),
  })
  .map(({ returned, charged, ...rest }) => {
    const gatewayReturnedMinor = Math.min(returned, rest.gatewayMinor);
    const chargedBackMinor = Math.min(charged, rest.gatewayMinor - gatewayReturnedMinor);
    return { ...rest, gatewayReturnedMinor, chargedBackMinor };
  });

test("whatever came before: the parts add up, none is below zero, and the tender has room", () => {
  fc.assert(
    fc.property(anyPot, fc.nat(20_000), fc.nat(10_000), (known, amount, capacity) => {
      const { linesMinor, suspenseMinor, tenderMinor } = splitOf(amount, known, capacity);
      expect(linesMinor + suspenseMinor).toBe(amount);
      expect(Math.min(linesMinor, suspenseMinor, tenderMinor)).toBeGreaterThanOrEqual(0);
      expect(linesMinor).toBeLessThanOrEqual(capacity);
      const taken = known.gatewayReturnedMinor + known.chargedBackMinor + tenderMinor;
      expect(taken).toBeLessThanOrEqual(known.gatewayMinor);
    }),
  );
});

const anyLine = fc
  .record({
    totalMinor: fc.nat(10_000),
    shippingMinor: fc.nat(2_000),
    sent: fc.boolean(),
    paidOut: fc.boolean(),
  })
  .map(({ totalMinor, shippingMinor, sent, paidOut }, at = 0) => ({
    lineId: `lin_${at}`,
    orderId: "ord",
    totalMinor,
    shippingMinor,
    commissionMinor: Math.floor(totalMinor / 10),
    paidMinor: totalMinor + shippingMinor,
    carriedMinor: sent || paidOut ? shippingMinor : 0,
    releasedMinor: paidOut ? totalMinor : 0,
    escrowMinor: paidOut ? 0 : totalMinor + (sent ? 0 : shippingMinor),
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
  }));

test("lines give together exactly what is taken, each at most what it has left, carriage too", () => {
  fc.assert(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 8 }), fc.nat(1_000), (lines, perMille) => {
      const capacity = lines.reduce((sum, line) => sum + capacityOf(line), 0);
      const minor = Math.floor((capacity * perMille) / 1_000);
      const moves = movesOfShares(
        lines.map((line, at) => ({ ...line, lineId: `lin_${at}` })),
        minor,
      );
      expect(moves.reduce((sum, move) => sum + move.returnedMinor, 0)).toBe(minor);
      for (const move of moves) {
        const line = lines[Number(move.lineId.slice(4))];
        expect(move.returnedMinor).toBeLessThanOrEqual(line === undefined ? 0 : capacityOf(line));
        expect(move.clawedMinor).toBeLessThanOrEqual(line?.releasedMinor ?? 0);
        expect(move.uncarriedMinor).toBeLessThanOrEqual(line?.carriedMinor ?? 0);
      }
    }),
  );
});
