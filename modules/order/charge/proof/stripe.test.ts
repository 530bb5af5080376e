import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { WEBHOOK_SECRET } from "#tools/sandbox/stage.ts";
import { gatewayOf } from "../gateway/gateways.ts";
import { giveBack } from "../give-back.ts";
import { inspect } from "../inspect.ts";
import { open } from "../open.ts";
import { record } from "../record.ts";
import { retire } from "../retire.ts";
import { settle } from "../settle.ts";
import { tenderOf } from "../tender-of.ts";
import { void as voidCharge } from "../void.ts";
import { type ChargeStage, newOrder, openChargeStage } from "./stage.ts";

let stage: ChargeStage;
let manual: ChargeStage;
beforeAll(async () => {
  [stage, manual] = await Promise.all([openChargeStage(), openChargeStage("manual")]);
});
afterAll(() => Promise.all([stage?.close(), manual?.close()]));
beforeEach(() => {
  stage.gateway.sandbox.faults.clear();
  manual.gateway.sandbox.faults.clear();
});

const opened = async (on: ChargeStage, minor = 2_500, walletMinor = 0) => {
  const order = newOrder(minor);
  await on.claim(order, walletMinor);
  await open(order, on.scene());
  return { order, chargeId: order.chargeId, ref: (await on.row(order.chargeId))?.gatewayRef ?? "" };
};
/** Paid and settled: its checkout may give money back. */
const settled = async (minor = 2_500, walletMinor = 0) => {
  const charge = await opened(stage, minor, walletMinor);
  await stage.pay(charge.ref);
  await inspect(charge, stage.scene());
  await settle({ chargeId: charge.chargeId }, stage.scene());
  return charge;
};
const back = (checkoutId: string, key: string, minor: number) =>
  giveBack({ key, checkoutId, orderId: ORDER, minor }, stage.scene());
const ORDER = freshId("ord");
const tender = async (checkoutId: string) => (await tenderOf({ checkoutId }, stage.scene())).tender;

describe("manual capture", () => {
  it("what the gateway may take wakes the checkout, and is taken when the sale is certain", async () => {
    const { order, chargeId, ref } = await opened(manual);
    await manual.pay(ref);
    expect(await inspect({ chargeId }, manual.scene())).toEqual({ charge: order, next: "signal" });
    expect(await manual.row(chargeId)).toMatchObject({ state: "authorized", paidMinor: null });
    expect(await manual.intentsOf(chargeId)).toMatchObject([{ status: "requires_capture", received: 0 }]);
    for (let times = 0; times < 2; times++)
      expect(await settle({ chargeId }, manual.scene())).toEqual({ amount: order.amount });
    expect(await manual.intentsOf(chargeId)).toMatchObject([{ status: "succeeded", received: 2_500 }]);
    expect(await manual.told(order.checkoutId)).toEqual([
      "payment_authorized",
      "payment_received",
      "payment_settled",
    ]);
  });

  it("a capture whose answer is lost is found again", async () => {
    const { order, chargeId, ref } = await opened(manual);
    await manual.pay(ref);
    await inspect({ chargeId }, manual.scene());
    const match = "POST /v1/payment_intents/*/capture";
    manual.gateway.sandbox.faults.set({ next: [{ match, kind: "cut", times: 3 }] });
    await expect(settle({ chargeId }, manual.scene())).rejects.toThrow("connection");
    expect(await settle({ chargeId }, manual.scene())).toEqual({ amount: order.amount });
    expect(await manual.intentsOf(chargeId)).toMatchObject([{ received: 2_500 }]);
  });

  it("an authorization that the gateway has let go of settles nothing (CHARGE_UNPAID), and another amount is no payment (PAYMENT_MISMATCH)", async () => {
    const gone = await opened(manual);
    await manual.pay(gone.ref);
    await inspect(gone, manual.scene());
    await manual.gateway.stripe.paymentIntents.cancel(gone.ref);
    await expect(settle(gone, manual.scene())).rejects.toMatchObject({ code: "CHARGE_UNPAID" });
    const other = await opened(manual);
    await manual.gateway.stripe.paymentIntents.update(other.ref, { amount: 100 });
    await manual.pay(other.ref);
    await inspect(other, manual.scene());
    await expect(settle(other, manual.scene())).rejects.toMatchObject({ code: "PAYMENT_MISMATCH" });
    expect(await manual.intentsOf(other.chargeId)).toMatchObject([{ received: 0 }]);
  });

  it("called off, it is let go of: nothing was taken, and nothing goes back", async () => {
    const { order, chargeId, ref } = await opened(manual);
    await manual.pay(ref);
    await inspect({ chargeId }, manual.scene());
    expect(await voidCharge(order, manual.scene())).toEqual({ returned: null });
    expect(await manual.intentsOf(chargeId)).toMatchObject([{ status: "canceled", received: 0, refunds: 0 }]);
  });

  it("a part may be captured; the rest is let go", async () => {
    const { chargeId, ref } = await opened(manual);
    await manual.pay(ref);
    const gateway = gatewayOf(manual.scene().settings, "stripe");
    const part = { minor: 1_000, currency: "USD" };
    for (let times = 0; times < 2; times++)
      expect(await gateway.capture(ref, part, "part")).toMatchObject({ paid: part });
    expect(await manual.intentsOf(chargeId)).toMatchObject([{ status: "succeeded", received: 1_000 }]);
  });
});

describe("an attempt that is replaced", () => {
  it("is cancelled at the gateway; one that was paid, or may be taken, wins", async () => {
    const { chargeId } = await opened(stage);
    for (let times = 0; times < 2; times++)
      expect(await retire({ chargeId }, stage.scene())).toEqual({ state: "voided" });
    expect(await stage.intentsOf(chargeId)).toMatchObject([{ status: "canceled" }]);
    const paid = await opened(stage);
    await stage.pay(paid.ref);
    expect(await retire(paid, stage.scene())).toEqual({ state: "paid" });
    const held = await opened(manual);
    await manual.pay(held.ref);
    expect(await retire(held, manual.scene())).toEqual({ state: "authorized" });
    expect(await manual.intentsOf(held.chargeId)).toMatchObject([{ status: "requires_capture" }]);
  });

  it("a payer whose bank wants to see them is told of, and ends nothing", async () => {
    const { order, chargeId, ref } = await opened(stage);
    await stage.pay(ref, "pm_card_authenticationRequired");
    expect(await inspect({ chargeId }, stage.scene())).toMatchObject({ next: "nothing" });
    expect(await stage.told(order.checkoutId)).toEqual(["payment_action_needed"]);
  });

  it("one that somebody cancelled at the gateway can be paid by nobody any more", async () => {
    const { chargeId, ref } = await opened(stage);
    await stage.gateway.stripe.paymentIntents.cancel(ref);
    expect(await inspect({ chargeId }, stage.scene())).toMatchObject({ next: "renew" });
  });
});

describe("Charge/giveBack", () => {
  it("parts go back the ways they came, in proportion, to the minor unit, and never more than was paid", async () => {
    const { order, ref } = await settled(1_000, 500);
    const parts = [];
    for (const [key, minor] of [
      ["a", 1],
      ["b", 100],
      ["c", 700],
      ["d", 699],
    ] as const)
      parts.push(await back(order.checkoutId, `${ref}/${key}`, minor));
    expect(parts.map(({ gatewayMinor, walletMinor }) => gatewayMinor + walletMinor)).toEqual([
      1, 100, 700, 699,
    ]);
    expect(await tender(order.checkoutId)).toMatchObject({
      gatewayReturnedMinor: 1_000,
      walletReturnedMinor: 500,
    });
    expect(await stage.intentsOf(order.chargeId)).toMatchObject([{ refunded: 1_000 }]);
    await expect(back(order.checkoutId, `${ref}/e`, 1)).rejects.toThrow("This cannot be");
  });

  it("the same key twenty times at once, and once more after the gateway forgot it, is one refund", async () => {
    const { order, chargeId } = await settled();
    const crowd = await Promise.all(
      Array.from({ length: 20 }, () => back(order.checkoutId, `${chargeId}/x`, 1_000)),
    );
    expect(new Set(crowd.map((one) => JSON.stringify(one))).size).toBe(1);
    await stage.database.db.execute(
      `update "order".give_back set state = 'promised' where key = '${chargeId}/x'`,
    );
    // Another process, another idempotency key: as if the gateway had forgotten ours.
    const gateway = gatewayOf(stage.scene().settings, "stripe");
    const ref = (await stage.row(chargeId))?.gatewayRef ?? "";
    expect(await gateway.refund(ref, { minor: 1_000, currency: "USD" }, `${chargeId}/x`)).toBe("done");
    expect(await back(order.checkoutId, `${chargeId}/x`, 1_000)).toMatchObject({ state: "paid" });
    expect(await stage.intentsOf(chargeId)).toMatchObject([{ refunded: 1_000, refunds: 1 }]);
  });

  it("another amount under a used key is a bug, and moves nothing", async () => {
    const { order, chargeId } = await settled();
    await back(order.checkoutId, `${chargeId}/y`, 10);
    await expect(back(order.checkoutId, `${chargeId}/y`, 11)).rejects.toThrow("This cannot be");
    expect(await tender(order.checkoutId)).toMatchObject({ gatewayReturnedMinor: 10 });
  });

  it("what the buyer's bank asks for itself is left to it: no refund, and room for what it takes", async () => {
    const { order, chargeId, ref } = await settled(1_000, 500);
    await stage.gateway.control(`POST /sandbox/charges/${ref}/dispute`, { reason: "fraudulent" });
    const left = await back(order.checkoutId, `${chargeId}/z`, 300);
    expect(left).toMatchObject({ gatewayMinor: 200, walletMinor: 100, state: "left_to_bank" });
    expect(await back(order.checkoutId, `${chargeId}/z`, 300)).toEqual(left);
    expect(await tender(order.checkoutId)).toMatchObject({
      gatewayReturnedMinor: 0,
      walletReturnedMinor: 100,
    });
    expect(await stage.intentsOf(chargeId)).toMatchObject([{ refunds: 0 }]);
  });
});

describe("disputes", () => {
  const eventOf = async (type: string, ref: string) => {
    const { data } = await stage.gateway.stripe.events.list({ type, limit: 100 });
    const found = data.find(
      ({ data: { object } }) => "payment_intent" in object && object.payment_intent === ref,
    );
    const payload = JSON.stringify(found);
    const { webhooks } = stage.gateway.stripe;
    const signature = webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET });
    return record({ gateway: "stripe", payload, signature }, stage.scene());
  };

  it("an event of a bank's wish names our charge, its amount and its reason", async () => {
    const { order, chargeId, ref } = await settled();
    await stage.gateway.control(`POST /sandbox/charges/${ref}/dispute`, {
      reason: "fraudulent",
      amount: 700,
    });
    const told = await eventOf("charge.dispute.created", ref);
    expect(told).toMatchObject({
      charge: order,
      next: "chargeback",
      chargeback: {
        chargeId,
        gateway: "stripe",
        amount: { minor: 700, currency: "USD" },
        status: "open",
        reason: "fraudulent",
      },
    });
    const gateway = gatewayOf(stage.scene().settings, "stripe");
    const disputeRef = told.chargeback?.disputeRef ?? "";
    expect(await gateway.dispute(disputeRef)).toMatchObject({ disputeRef, ref, status: "open" });
    expect(await gateway.dispute("dp_nobody")).toBeUndefined();
  });
});
