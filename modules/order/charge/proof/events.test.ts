import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { WEBHOOK_SECRET } from "#tools/sandbox/stage.ts";
import { type ChargeStage, newOrder, openChargeStage } from "./stage.ts";
import { open } from "../open.ts";
import { record } from "../record.ts";
import { settle } from "../settle.ts";
import { void as voidCharge } from "../void.ts";

let stage: ChargeStage;
beforeAll(async () => {
  stage = await openChargeStage();
});
afterAll(() => stage?.close());

const opened = async () => {
  const order = newOrder();
  await open(order, stage.scene());
  return { order, chargeId: order.chargeId, ref: (await stage.row(order.chargeId))?.gatewayRef ?? "" };
};

/** The newest event of a kind about an intent, as the gateway would post it. */
const eventOf = async (ref: string, type: string) => {
  const { data } = await stage.gateway.stripe.events.list({ type, limit: 100 });
  const event = data.find(({ data: { object } }) => "id" in object && object.id === ref);
  if (event === undefined) throw new Error(`no ${type} of ${ref}`);
  return event;
};
const SUCCEEDED = "payment_intent.succeeded";
const FAILED = "payment_intent.payment_failed";

type Signing = { secret?: string; ageMs?: number };
const signed = (event: unknown, { secret = WEBHOOK_SECRET, ageMs = 0 }: Signing = {}) => {
  const payload = JSON.stringify(event);
  const timestamp = Math.floor((Date.now() - ageMs) / 1_000);
  const { webhooks } = stage.gateway.stripe;
  const signature = webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return { gateway: "stripe" as const, payload, signature };
};
const recorded = async (event: unknown) => {
  const { charge, next } = await record(signed(event), stage.scene());
  return { charge, next };
};

const kept = async (eventId: string) => {
  const rows = await stage.database.db.execute<{ payload: string; charge_id: string | null }>(
    `select payload, charge_id from "order".gateway_event where event_id = '${eventId}'`,
  );
  return [...rows];
};

describe("Charge/record", () => {
  it("a payment that the gateway tells of is written down, and wakes the checkout", async () => {
    const { order, chargeId, ref } = await opened();
    await stage.pay(ref);
    const event = await eventOf(ref, SUCCEEDED);
    expect(await recorded(event)).toEqual({ charge: order, next: "signal" });
    expect(await stage.row(chargeId)).toMatchObject({ state: "paid", paidMinor: 2_500, paidRef: ref });
    expect(await kept(event.id)).toEqual([{ payload: JSON.stringify(event), charge_id: chargeId }]);
  });

  it("the same event three times, and ten times at once: the same verdict, kept once, told once", async () => {
    const { order, ref } = await opened();
    await stage.pay(ref);
    const event = await eventOf(ref, SUCCEEDED);
    const verdict = { charge: order, next: "signal" };
    const crowd = await Promise.all(Array.from({ length: 10 }, () => recorded(event)));
    expect(crowd).toEqual(Array.from({ length: 10 }, () => verdict));
    for (let times = 0; times < 3; times++) expect(await recorded(event)).toEqual(verdict);
    expect(await kept(event.id)).toHaveLength(1);
    expect(await stage.told(order.checkoutId)).toEqual(["payment_received"]);
  });

  it("a wrong, an old, an empty and a foreign signature are refused (SIGNATURE_INVALID), and nothing is kept", async () => {
    const { chargeId, ref } = await opened();
    await stage.pay(ref);
    const event = await eventOf(ref, SUCCEEDED);
    const good = signed(event);
    const bad = [
      signed(event, { secret: "whsec_somebody_else" }),
      signed(event, { ageMs: 6 * MINUTE_MS }),
      { ...good, signature: "" },
      { ...good, signature: "t=1,v1=00" },
      { ...good, payload: good.payload.replace("2500", "2501") },
      { ...good, payload: "{}" },
      { ...good, payload: "not JSON" },
    ];
    for (const input of bad) {
      await expect(record(input, stage.scene())).rejects.toMatchObject({
        code: "SIGNATURE_INVALID",
        status: 400,
      });
    }
    expect(await kept(event.id)).toEqual([]);
    expect(await stage.row(chargeId)).toMatchObject({ state: "open", paidMinor: null });
  });

  it("a deployment without a webhook secret takes no event, whoever signed it with nothing", async () => {
    const { ref } = await opened();
    await stage.pay(ref);
    const event = await eventOf(ref, SUCCEEDED);
    const scene = stage.scene();
    const { stripe } = scene.settings;
    const settings = { ...scene.settings, stripe: { ...stripe, secretKey: "sk_test_x", webhookSecret: "" } };
    const { signature, ...rest } = signed(event, { secret: " " });
    await expect(record({ ...rest, signature }, { ...scene, settings })).rejects.toMatchObject({
      code: "SIGNATURE_INVALID",
    });
  });

  it("an event of a charge that is none of ours, and one of no payment at all, are kept and come to nothing", async () => {
    const { stripe } = stage.gateway;
    const stranger = await stripe.paymentIntents.create({
      amount: 900,
      currency: "usd",
      automatic_payment_methods: { enabled: true },
    });
    await stage.pay(stranger.id);
    const nothing = { charge: null, next: "nothing" };
    const event = await eventOf(stranger.id, SUCCEEDED);
    expect(await recorded(event)).toEqual(nothing);
    const { data } = await stripe.events.list({ type: "charge.succeeded", limit: 1 });
    expect(await recorded(data[0])).toEqual(nothing);
    expect(await kept(event.id)).toMatchObject([{ charge_id: null }]);
    expect(await kept(data[0]?.id ?? "")).toHaveLength(1);
  });

  it("a failure is told, and one that arrives after the success changes nothing", async () => {
    const { order, chargeId, ref } = await opened();
    await stage.pay(ref, "pm_card_visa_chargeDeclined").catch(() => undefined);
    const failed = await eventOf(ref, FAILED);
    await stage.pay(ref);
    expect(await recorded(await eventOf(ref, SUCCEEDED))).toMatchObject({ next: "signal" });
    expect(await recorded(failed)).toEqual({ charge: order, next: "nothing" });
    expect(await stage.row(chargeId)).toMatchObject({ state: "paid", paidMinor: 2_500 });
    expect(await stage.told(order.checkoutId)).toEqual(["payment_received"]);
    const other = await opened();
    await stage.pay(other.ref, "pm_card_visa_chargeDeclined").catch(() => undefined);
    await recorded(await eventOf(other.ref, FAILED));
    expect(await stage.told(other.order.checkoutId)).toEqual(["payment_declined"]);
  });

  it("an event that overtakes the answer to open is enough to know the payment by", async () => {
    const { order, chargeId, ref } = await opened();
    await stage.pay(ref);
    const event = await eventOf(ref, SUCCEEDED);
    await stage.database.db.execute(
      `update "order".charge set state = 'opening', gateway_ref = null, client_secret = null where charge_id = '${chargeId}'`,
    );
    expect(await recorded(event)).toMatchObject({ next: "signal" });
    expect(await open(order, stage.scene())).toMatchObject({ state: "paid" });
    await stage.claim(order);
    expect(await settle({ chargeId }, stage.scene())).toEqual({ amount: order.amount });
  });

  it("money under a reference that is not the charge's own is refused (PAYMENT_MISMATCH) and goes back", async () => {
    const { order, chargeId } = await opened();
    const { stripe } = stage.gateway;
    const other = await stripe.paymentIntents.create({
      amount: 2_500,
      currency: "usd",
      automatic_payment_methods: { enabled: true },
      metadata: { charge_id: chargeId },
    });
    await stage.pay(other.id);
    expect(await recorded(await eventOf(other.id, SUCCEEDED))).toMatchObject({ next: "signal" });
    await expect(settle({ chargeId }, stage.scene())).rejects.toMatchObject({ code: "PAYMENT_MISMATCH" });
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: order.amount });
    const intents = (await stage.intentsOf(chargeId)).map(({ status, refunded }) => `${status} ${refunded}`);
    expect(new Set(intents)).toEqual(new Set(["canceled 0", "succeeded 2500"]));
  });

  it("money on a charge that was called off is to be returned: once, however often the event and its void are repeated", async () => {
    const { order, chargeId, ref } = await opened();
    await stage.pay(ref);
    const event = await eventOf(ref, SUCCEEDED);
    await stage.database.db.execute(
      `update "order".charge set state = 'voided' where charge_id = '${chargeId}'`,
    );
    const crowd = await Promise.all(Array.from({ length: 5 }, () => recorded(event)));
    expect(crowd).toEqual(Array.from({ length: 5 }, () => ({ charge: order, next: "return" })));
    const voids = await Promise.all(Array.from({ length: 5 }, () => voidCharge(order, stage.scene())));
    expect(voids).toEqual(Array.from({ length: 5 }, () => ({ returned: order.amount })));
    await recorded(event);
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: order.amount });
    expect(await stage.intentsOf(chargeId)).toMatchObject([{ received: 2_500, refunded: 2_500, refunds: 1 }]);
    expect(await stage.told(order.checkoutId)).toEqual(["payment_returned"]);
  });

  it("an event that comes while the charge is being called off has the void taken up again", async () => {
    const { order, chargeId, ref } = await opened();
    await stage.pay(ref);
    await stage.database.db.execute(
      `update "order".charge set state = 'voiding' where charge_id = '${chargeId}'`,
    );
    expect(await recorded(await eventOf(ref, SUCCEEDED))).toEqual({ charge: order, next: "return" });
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: order.amount });
  });
});
