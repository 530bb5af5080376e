import { afterAll, beforeAll, expect, test } from "vitest";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Claim } from "@shopnexus/contracts/order/claim";
import { Refund } from "@shopnexus/contracts/order/refund";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { deriveId } from "#modules/_kit/derive.ts";
import { ADDRESS } from "#tools/testkit/people.ts";
import { askOf } from "../../claim/proof/stage.ts";
import { openOrderStage, type OrderStage, type Paid, PATIENT } from "../../fulfilment/proof/stage.ts";

const CARRIERS = ["swift", "heron", "turtle"] as const;

let stage: OrderStage;
beforeAll(async () => {
  stage = await openOrderStage({ bookRetryMs: 150, trackMs: 300, returnMs: 4_000, transitMs: 4_000 });
  await stage.an.call(AddressBook).add(ADDRESS);
});
afterAll(() => stage?.close());

type Brought = { readonly paid: Paid; readonly skuId: string };

/** Two pieces of one thing, at the buyer's door. */
const brought = async (): Promise<Brought> => {
  const goods = await stage.an.offer(2_000, 5);
  const paid = await stage.buy([goods], 2);
  await stage.sell(paid).confirm({});
  await expect.poll(() => stage.told(paid), PATIENT).toContain("parcel_booked");
  await stage.move(paid, "delivered");
  await stage.reaches(paid, "delivered");
  return { paid, skuId: goods.skuId };
};

const returning = async ({ paid }: Brought): Promise<string> => {
  const { refundId } = await stage.mai.call(Claim).open(askOf(paid.orderId, paid.lineIds[0] ?? ""));
  await stage.an.call(Refund, refundId).answer({ answer: "accept_with_return", says: "" });
  return refundId;
};
const claim = (refundId: string) => stage.mai.call(Claim).read({ refundId });
const reaches = (refundId: string, state: string) =>
  expect.poll(async () => (await claim(refundId)).state, PATIENT).toBe(state);

test("a return is booked at the carrier that brought it, labelled for the buyer, and followed home", async () => {
  const bought = await brought();
  const refundId = await returning(bought);
  const shipmentId = deriveId("shp", refundId);
  await expect.poll(async () => (await claim(refundId)).shipmentId, PATIENT).toBe(shipmentId);
  expect(await stage.atCarrier(bought.paid)).toHaveLength(2);
  expect((await stage.mai.call(Shipment).label({ shipmentId })).pdf.length).toBeGreaterThan(100);
  await expect(stage.an.call(Shipment).label({ shipmentId })).rejects.toMatchObject({
    code: "SHIPMENT_UNKNOWN",
  });
  await stage.move(bought.paid, "picked_up");
  await reaches(refundId, "in_transit");
  await stage.move(bought.paid, "delivered");
  await reaches(refundId, "returned");
  await stage.an.call(Refund, refundId).inspect({ finding: "ok", isSellable: true, says: "" });
  await reaches(refundId, "settled");
  expect(await stage.refunded(bought.paid)).toBe(2_000);
  expect(await stage.mai.call(Stock).level({ skuId: bought.skuId })).toMatchObject({ sold: 1, available: 4 });
});

test("a carrier that is down is asked again until it takes the parcel", async () => {
  const bought = await brought();
  const [first] = await stage.atCarrier(bought.paid);
  expect(first).toBeDefined();
  for (const carrier of CARRIERS) stage.shop.sandbox.carrier.setTrouble(carrier, { down: true });
  const refundId = await returning(bought);
  const asked = async () => {
    const [row] = await stage.shop.sql`
      select state from "order".shipment where shipment_id = ${deriveId("shp", refundId)}`;
    return row?.["state"] as string | undefined;
  };
  await expect.poll(asked, PATIENT).toBe("booking");
  expect((await claim(refundId)).shipmentId).toBeNull();
  for (const carrier of CARRIERS) stage.shop.sandbox.carrier.setTrouble(carrier, { down: false });
  await expect.poll(async () => (await claim(refundId)).shipmentId, PATIENT).not.toBeNull();
});

test("a carrier's word that was lost on the way is asked for", async () => {
  const bought = await brought();
  const refundId = await returning(bought);
  await expect.poll(async () => (await claim(refundId)).shipmentId, PATIENT).not.toBeNull();
  stage.shop.sandbox.carrier.setWebhookUrl(undefined);
  await stage.move(bought.paid, "delivered");
  await reaches(refundId, "returned");
  stage.shop.sandbox.carrier.setWebhookUrl(`${stage.shop.edgeUrl("order")}/webhooks/carrier`);
});

test("a parcel that nobody handed over is called off when the claim comes to nothing", async () => {
  const bought = await brought();
  const refundId = await returning(bought);
  await expect.poll(async () => (await claim(refundId)).shipmentId, PATIENT).not.toBeNull();
  await stage.mai.call(Refund, refundId).withdraw({});
  await expect
    .poll(async () => (await stage.atCarrier(bought.paid)).at(-1)?.status, PATIENT)
    .toBe("cancelled");
  await stage.reaches(bought.paid, "delivered");
});
