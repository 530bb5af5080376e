import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { sql } from "drizzle-orm";
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

const opened = async (minor?: number) => {
  const order = newOrder(minor);
  await open(order, stage.scene());
  return order;
};
const paid = async () => {
  const order = await opened();
  await stage.pay((await stage.row(order.chargeId))?.gatewayRef);
  return order;
};
const ALL_BACK = { status: "succeeded", received: 2_500, refunded: 2_500, refunds: 1 };

describe("Charge/void", () => {
  it("an open charge is cancelled at the gateway, and nobody can pay it any more", async () => {
    const order = await opened();
    const ref = (await stage.row(order.chargeId))?.gatewayRef;
    for (let times = 0; times < 3; times++) {
      expect(await voidCharge(order, stage.scene())).toEqual({ returned: null });
    }
    await expect(stage.pay(ref)).rejects.toThrow("canceled");
    expect(await stage.intentsOf(order.chargeId)).toEqual([
      { status: "canceled", received: 0, refunded: 0, refunds: 0 },
    ]);
    expect(await stage.told(order.checkoutId)).toEqual(["payment_called_off"]);
  });

  it("a void that overtakes its open wins: the late open is refused (CHARGE_VOIDED), the gateway hears of nothing", async () => {
    const order = newOrder();
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: null });
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: null });
    await expect(open(order, stage.scene())).rejects.toMatchObject({ code: "CHARGE_VOIDED" });
    await expect(open(newZero(order), stage.scene())).rejects.toMatchObject({ code: "CHARGE_VOIDED" });
    expect(await stage.intentsOf(order.chargeId)).toEqual([]);
  });

  it("an open whose answer was lost: the payment is found by its key and cancelled", async () => {
    const order = newOrder();
    stage.gateway.sandbox.faults.set({
      next: [{ match: "POST /v1/payment_intents", kind: "cut", times: 3 }],
    });
    await expect(open(order, stage.scene())).rejects.toThrow("connection");
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: null });
    expect(await stage.intentsOf(order.chargeId)).toMatchObject([{ status: "canceled" }]);
    await expect(open(order, stage.scene())).rejects.toMatchObject({ code: "CHARGE_VOIDED" });
  });

  it("opens and voids at once, in whatever order: called off, and nothing is left to pay", async () => {
    const order = newOrder();
    const works = Array.from({ length: 6 }, (_, at) =>
      (at % 2 === 0 ? open : voidCharge)(order, stage.scene()),
    );
    await Promise.allSettled(works);
    await voidCharge(order, stage.scene());
    expect(await stage.row(order.chargeId)).toMatchObject({ state: "voided", paidMinor: null });
    const statuses = (await stage.intentsOf(order.chargeId)).map(({ status }) => status);
    expect(statuses.filter((status) => status !== "canceled")).toEqual([]);
  });

  it("money that the gateway took goes back in full, once, however often it is said", async () => {
    const order = await paid();
    for (let times = 0; times < 3; times++) {
      expect(await voidCharge(order, stage.scene())).toEqual({ returned: order.amount });
    }
    expect(await stage.intentsOf(order.chargeId)).toEqual([ALL_BACK]);
    expect(await stage.told(order.checkoutId)).toEqual(["payment_returned"]);
  });

  it("five at once give the money back once, and all say the same", async () => {
    const order = await paid();
    const answers = await Promise.all(Array.from({ length: 5 }, () => voidCharge(order, stage.scene())));
    expect(answers).toEqual(Array.from({ length: 5 }, () => ({ returned: order.amount })));
    expect(await stage.intentsOf(order.chargeId)).toEqual([ALL_BACK]);
  });

  it("a refund whose answer was lost is not made twice", async () => {
    const order = await paid();
    stage.gateway.sandbox.faults.set({ next: [{ match: "POST /v1/refunds", kind: "cut", times: 3 }] });
    await expect(voidCharge(order, stage.scene())).rejects.toThrow("connection");
    expect(await stage.row(order.chargeId)).toMatchObject({ state: "voiding" });
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: order.amount });
    expect(await stage.intentsOf(order.chargeId)).toEqual([ALL_BACK]);
  });

  it("a refund that the gateway has made but no longer knows the key of counts as made", async () => {
    const order = await paid();
    const ref = (await stage.row(order.chargeId))?.gatewayRef ?? "";
    await stage.gateway.stripe.refunds.create({ payment_intent: ref }, { idempotencyKey: freshId("evt") });
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: order.amount });
    expect(await stage.intentsOf(order.chargeId)).toEqual([ALL_BACK]);
  });

  it("a settled charge of a checkout that placed nothing is given back", async () => {
    const order = await paid();
    await stage.claim(order);
    await inspect({ chargeId: order.chargeId }, stage.scene());
    await settle({ chargeId: order.chargeId }, stage.scene());
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: order.amount });
    expect(await stage.row(order.chargeId)).toMatchObject({ state: "voided", returnedMinor: 2_500 });
    await expect(settle({ chargeId: order.chargeId }, stage.scene())).rejects.toMatchObject({
      code: "CHARGE_VOIDED",
    });
  });

  it("the charge of a placed checkout is never voided: whoever asks has a bug", async () => {
    const order = await paid();
    await stage.claim(order);
    await inspect({ chargeId: order.chargeId }, stage.scene());
    await settle({ chargeId: order.chargeId }, stage.scene());
    await stage.database.db.execute(sql`update "order".checkout
      set state = 'placed', currency = 'USD', address = '{}' where checkout_id = ${order.checkoutId}`);
    await expect(voidCharge(order, stage.scene())).rejects.toThrow("This cannot be");
    expect(await stage.row(order.chargeId)).toMatchObject({ state: "settled" });
    expect(await stage.intentsOf(order.chargeId)).toMatchObject([{ received: 2_500, refunded: 0 }]);
  });
});

const newZero = (order: ReturnType<typeof newOrder>) => ({ ...order, amount: { minor: 0, currency: "USD" } });
