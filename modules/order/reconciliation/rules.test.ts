import { describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { FindingKind } from "@shopnexus/contracts/order/payment";
import type { ChargeRow, GiveBackRow } from "../charge/rows.ts";
import { pairPayment, pairRefund, sentenceOf } from "./rules.ts";

const usd = (minor: number) => ({ minor, currency: "USD" });
const chargeId = freshId("chg");
const rowOf = (state: ChargeRow["state"], rest: Partial<ChargeRow> = {}) =>
  ({
    chargeId,
    state,
    amountMinor: 500,
    currency: "USD",
    gatewayRef: "pi_1",
    paidRef: null,
    returnedMinor: null,
    ...rest,
  }) as ChargeRow;
const payment = (minor: number, ref = "pi_1") =>
  ({ kind: "payment", ref, chargeId, amount: usd(minor), at: new Date(0) }) as const;
const refund = (minor: number, key?: string) =>
  ({ kind: "refund", ref: "re_1", paymentRef: "pi_1", key, amount: usd(minor), at: new Date(0) }) as const;
const backOf = (state: GiveBackRow["state"], gatewayMinor = 100) =>
  ({ key: "k", gatewayMinor, state }) as GiveBackRow;

describe("a payment of the gateway's", () => {
  it.each([
    ["nobody paid, and nobody asked", 0, undefined, "fine"],
    ["money for none of our charges", 500, undefined, "stranger"],
    ["money that no event told of", 500, rowOf("open"), "ask"],
    ["money that the run has not settled", 500, rowOf("paid"), "ask"],
    ["an attempt that nobody paid", 0, rowOf("open"), "fine"],
    ["as it was settled", 500, rowOf("settled"), "fine"],
    ["another amount than was settled", 499, rowOf("settled"), "amount_differs"],
    ["settled, and not paid", 0, rowOf("settled"), "charge_missing"],
    ["money on a dead charge", 500, rowOf("voided"), "ask"],
    ["money that went back", 500, rowOf("voided", { paidRef: "pi_1", returnedMinor: 500 }), "fine"],
    ["money of which a part went back", 500, rowOf("voided", { paidRef: "pi_1", returnedMinor: 1 }), "ask"],
  ] as const)("%s", (_says, minor, row, pairing) => {
    expect(pairPayment(payment(minor), row)).toBe(pairing);
  });

  it("money under a reference that is not the settled charge's is a stranger's", () => {
    expect(pairPayment(payment(500, "pi_2"), rowOf("settled"))).toBe("stranger");
    expect(pairPayment(payment(0, "pi_2"), rowOf("settled"))).toBe("fine");
  });
});

describe("a refund of the gateway's", () => {
  it.each([
    ["as ours says", refund(100, "k"), backOf("paid"), "fine"],
    ["promised, and not marked", refund(100, "k"), backOf("promised"), "mark"],
    ["another amount", refund(99, "k"), backOf("paid"), "refund_differs"],
    ["nobody's", refund(100), undefined, "refund_stranger"],
    ["under a key that we never made", refund(100, "x"), undefined, "refund_stranger"],
  ] as const)("%s", (_says, made, ours, pairing) => {
    expect(pairRefund(made, ours, rowOf("settled"))).toBe(pairing);
  });

  it("of money that came for nothing", () => {
    const made = refund(500, `${chargeId}/return/pi_1`);
    expect(pairRefund(made, undefined, rowOf("voided", { returnedMinor: 500 }))).toBe("fine");
    expect(pairRefund(made, undefined, rowOf("voiding"))).toBe("fine");
    expect(pairRefund(made, undefined, rowOf("voided", { returnedMinor: 1 }))).toBe("refund_differs");
  });
});

it("every kind of finding says what it is", () => {
  for (const kind of FindingKind.options) expect(sentenceOf(kind)).toMatch(/\.$/);
});
