import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ChargeStage, newOrder, openChargeStage } from "./stage.ts";
import { inspect } from "../inspect.ts";
import { open } from "../open.ts";
import { settle } from "../settle.ts";
import { void as voidCharge } from "../void.ts";

let stage: ChargeStage;
beforeAll(async () => {
  stage = await openChargeStage();
});
afterAll(() => stage?.close());
beforeEach(() => stage.gateway.sandbox.faults.clear());

const refOf = async (chargeId: string) => (await stage.row(chargeId))?.gatewayRef ?? "";
const CUT_CREATION = { match: "POST /v1/payment_intents", kind: "cut", times: 3 } as const;

describe("Charge/open", () => {
  it("the payment is open at the gateway, and what the buyer's browser needs is in the row", async () => {
    const order = newOrder(2_500);
    expect(await open(order, stage.scene())).toMatchObject({ state: "open" });
    const row = await stage.row(order.chargeId);
    expect(row).toMatchObject({ amountMinor: 2_500, currency: "USD", state: "open" });
    expect(row?.clientSecret).toMatch(/^pi_.+_secret_.+/);
    expect(await stage.intentsOf(order.chargeId)).toMatchObject([{ status: "requires_payment_method" }]);
  });

  it("the same charge twice, and ten times at once, is one payment at the gateway", async () => {
    const order = newOrder();
    await Promise.all(Array.from({ length: 10 }, () => open(order, stage.scene())));
    const ref = await refOf(order.chargeId);
    await open(order, stage.scene());
    expect(await refOf(order.chargeId)).toBe(ref);
    expect(await stage.intentsOf(order.chargeId)).toHaveLength(1);
  });

  it("an answer that was lost after the gateway had made the payment: the repeat finds that very payment", async () => {
    const order = newOrder();
    stage.gateway.sandbox.faults.set({ next: [CUT_CREATION] });
    await expect(open(order, stage.scene())).rejects.toThrow("connection");
    expect(await stage.row(order.chargeId)).toMatchObject({ state: "opening", gatewayRef: null });
    await open(order, stage.scene());
    expect(await stage.intentsOf(order.chargeId)).toHaveLength(1);
    expect(await stage.row(order.chargeId)).toMatchObject({ state: "open" });
  });

  it("a gateway that is down is a fault, and no refusal", async () => {
    stage.gateway.sandbox.faults.set({ errorRate: 1 });
    await expect(open(newOrder(), stage.scene())).rejects.not.toHaveProperty("code", "AMOUNT_UNPAYABLE");
  });

  it("an amount that the gateway does not take is refused (AMOUNT_UNPAYABLE), and its void never refuses", async () => {
    const order = newOrder(999_999_999);
    await expect(open(order, stage.scene())).rejects.toMatchObject({ code: "AMOUNT_UNPAYABLE" });
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: null });
    expect(await stage.row(order.chargeId)).toMatchObject({ state: "voided" });
    await expect(open(order, stage.scene())).rejects.toMatchObject({ code: "CHARGE_VOIDED" });
  });

  it("nothing to pay is paid at once, and the gateway never hears of it", async () => {
    const order = newOrder(0);
    await stage.claim(order);
    expect(await open(order, stage.scene())).toEqual({ state: "paid" });
    expect(await open(order, stage.scene())).toMatchObject({ state: "paid" });
    expect(await settle({ chargeId: order.chargeId }, stage.scene())).toEqual({ amount: order.amount });
    expect(await stage.intentsOf(order.chargeId)).toEqual([]);
  });

  it("nothing to pay can be called off, and nothing goes back", async () => {
    const order = newOrder(0);
    await open(order, stage.scene());
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: null });
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: null });
    await expect(settle({ chargeId: order.chargeId }, stage.scene())).rejects.toMatchObject({
      code: "CHARGE_VOIDED",
    });
  });
});

describe("Charge/inspect", () => {
  it("an unpaid charge needs nothing, a paid one is written down and wakes the checkout, again and again", async () => {
    const order = newOrder();
    const { chargeId } = order;
    await open(order, stage.scene());
    expect(await inspect({ chargeId }, stage.scene())).toEqual({ charge: order, next: "nothing" });
    await stage.pay(await refOf(chargeId));
    expect(await inspect({ chargeId }, stage.scene())).toEqual({ charge: order, next: "signal" });
    expect(await inspect({ chargeId }, stage.scene())).toEqual({ charge: order, next: "signal" });
    expect(await stage.row(chargeId)).toMatchObject({ state: "paid", paidMinor: 2_500, paidCurrency: "USD" });
    expect(await stage.told(order.checkoutId)).toEqual(["payment_received"]);
  });

  it("a declined card is told on the timeline, once a reason", async () => {
    const order = newOrder();
    await open(order, stage.scene());
    await stage.pay(await refOf(order.chargeId), "pm_card_visa_chargeDeclined").catch(() => undefined);
    for (let times = 0; times < 3; times++) await inspect({ chargeId: order.chargeId }, stage.scene());
    expect(await stage.told(order.checkoutId)).toEqual(["payment_declined"]);
  });

  it("a charge that is none of ours, and one whose opening is under way, need nothing", async () => {
    const { chargeId } = newOrder();
    expect(await inspect({ chargeId }, stage.scene())).toEqual({ charge: null, next: "nothing" });
    const order = newOrder();
    stage.gateway.sandbox.faults.set({ next: [CUT_CREATION] });
    await expect(open(order, stage.scene())).rejects.toThrow("connection");
    expect(await inspect({ chargeId: order.chargeId }, stage.scene())).toEqual({
      charge: order,
      next: "nothing",
    });
  });
});

describe("Charge/settle", () => {
  const paid = async (tamper: (ref: string) => Promise<unknown> = async () => undefined) => {
    const order = newOrder();
    await stage.claim(order);
    await open(order, stage.scene());
    const ref = await refOf(order.chargeId);
    await tamper(ref);
    await stage.pay(ref);
    await inspect({ chargeId: order.chargeId }, stage.scene());
    return order;
  };

  it("money that is as asked is taken, and taken again it changes nothing", async () => {
    const order = await paid();
    for (let times = 0; times < 3; times++) {
      expect(await settle({ chargeId: order.chargeId }, stage.scene())).toEqual({ amount: order.amount });
    }
    expect(await stage.row(order.chargeId)).toMatchObject({ state: "settled" });
    expect(await stage.told(order.checkoutId)).toEqual(["payment_received", "payment_settled"]);
  });

  it("a charge that the gateway has not been paid is refused (CHARGE_UNPAID)", async () => {
    const order = newOrder();
    await open(order, stage.scene());
    await expect(settle({ chargeId: order.chargeId }, stage.scene())).rejects.toMatchObject({
      code: "CHARGE_UNPAID",
    });
  });

  it("a charge that was called off, or never was, is refused (CHARGE_VOIDED)", async () => {
    const order = await paid();
    await voidCharge(order, stage.scene());
    for (const { chargeId } of [order, newOrder()]) {
      await expect(settle({ chargeId }, stage.scene())).rejects.toMatchObject({ code: "CHARGE_VOIDED" });
    }
  });

  it("another amount is refused (PAYMENT_MISMATCH) with both amounts; the charge is not settled, and all of it goes back", async () => {
    const { stripe } = stage.gateway;
    const order = await paid((ref) => stripe.paymentIntents.update(ref, { amount: 100 }));
    const paidMoney = { minor: 100, currency: "USD" };
    await expect(settle({ chargeId: order.chargeId }, stage.scene())).rejects.toMatchObject({
      code: "PAYMENT_MISMATCH",
      data: { asked: order.amount, paid: paidMoney },
    });
    expect(await stage.row(order.chargeId)).toMatchObject({ state: "paid", paidMinor: 100 });
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: paidMoney });
    expect(await stage.intentsOf(order.chargeId)).toMatchObject([{ received: 100, refunded: 100 }]);
  });

  it("another currency is refused (PAYMENT_MISMATCH)", async () => {
    const { stripe } = stage.gateway;
    const order = await paid((ref) => stripe.paymentIntents.update(ref, { currency: "eur" }));
    await expect(settle({ chargeId: order.chargeId }, stage.scene())).rejects.toMatchObject({
      code: "PAYMENT_MISMATCH",
      data: { asked: order.amount, paid: { ...order.amount, currency: "EUR" } },
    });
    expect(await stage.row(order.chargeId)).toMatchObject({ state: "paid" });
  });
});
