import { afterAll, beforeAll, expect, it } from "vitest";
import { type ChargeStage, newOrder, openChargeStage } from "../../charge/proof/stage.ts";
import { open } from "../../charge/open.ts";
import { inspect } from "../../charge/inspect.ts";
import { settle } from "../../charge/settle.ts";
import { stale } from "../stale.ts";

let stage: ChargeStage;
beforeAll(async () => {
  stage = await openChargeStage();
});
afterAll(() => stage?.close());

const aged = async (minutes: number, checkoutState = "awaiting_payment") => {
  const order = newOrder();
  await stage.claim(order);
  await open(order, stage.scene());
  await stage.database.db.execute(`update "order".charge
    set created_at = now() - interval '${minutes} minutes' where charge_id = '${order.chargeId}'`);
  await stage.database.db.execute(`update "order".checkout set state = '${checkoutState}', currency = 'USD',
    address = '{}' where checkout_id = '${order.checkoutId}'`);
  return order;
};
const found = async () => (await stale({ limit: 100 }, stage.scene())).charges;

it("Reconciliation/stale: attempts whose window is long over, oldest first; hours later, or without a checkout that waits, they are abandoned", async () => {
  const young = await aged(10);
  const old = await aged(30);
  const dead = await aged(40, "abandoned");
  const ancient = await aged(7 * 60);
  const charges = await found();
  expect(charges).toEqual([
    { charge: ancient, isAbandoned: true },
    { charge: dead, isAbandoned: true },
    { charge: old, isAbandoned: false },
  ]);
  expect(charges.map(({ charge }) => charge.chargeId)).not.toContain(young.chargeId);
});

it("Reconciliation/stale: what is settled or called off is nobody's worry any more", async () => {
  const order = await aged(60);
  const ref = (await stage.row(order.chargeId))?.gatewayRef;
  await stage.pay(ref);
  await inspect(order, stage.scene());
  await settle({ chargeId: order.chargeId }, stage.scene());
  expect((await found()).map(({ charge }) => charge.chargeId)).not.toContain(order.chargeId);
});
