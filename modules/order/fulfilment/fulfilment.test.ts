import { afterAll, beforeAll, expect, test } from "vitest";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import { openOrderStage, type OrderStage, PATIENT } from "./proof/stage.ts";

let stage: OrderStage;
beforeAll(async () => {
  stage = await openOrderStage({ escrowMs: 400, bookRetryMs: 100 });
});
afterAll(() => stage?.close());

const levelOf = (skuId: string) => stage.mai.call(Stock).level({ skuId });

test("Fulfilment/run: confirmed, sent, delivered: the seller is paid when the escrow window is over", async () => {
  const paid = await stage.buy([await stage.an.offer(2_000, 5), await stage.an.offer(500, 5)], 2);
  await stage.sell(paid).confirm({});
  await expect.poll(() => stage.atCarrier(paid), PATIENT).toHaveLength(1);
  await expect.poll(() => stage.told(paid), PATIENT).toContain("parcel_booked");
  const { shipments, parcels } = await stage.mai.call(Shipment).list({ orderId: paid.orderId });
  expect(parcels).toMatchObject([{ state: "sealed", trouble: null, lineIds: [...paid.lineIds] }]);
  expect(shipments).toMatchObject([{ state: "booked", isSealed: true, kind: "outward" }]);
  await stage.move(paid, "picked_up");
  await stage.reaches(paid, "shipped");
  await stage.move(paid, "delivered");
  await stage.reaches(paid, "fulfilled");
  await expect.poll(() => stage.books(paid), PATIENT).toMatchObject({ escrow: -5_000 });
  expect(await stage.told(paid)).toEqual([
    "lines_confirmed",
    "parcel_booked",
    "parcel_shipped",
    "parcel_delivered",
    "seller_paid",
  ]);
});

test("Fulfilment/reject: what the seller turns down goes back to the buyer, and its pieces to stock", async () => {
  const [one, other] = [await stage.an.offer(2_000, 5), await stage.an.offer(500, 5)];
  const paid = await stage.buy([one, other], 2);
  const [first = "", second = ""] = paid.lineIds;
  const standing = await stage.sell(paid).reject({ lineIds: [first], note: "It broke." });
  expect(standing).toMatchObject({ changed: [first], lines: [{ state: "rejected" }, { state: "paid" }] });
  await expect.poll(() => stage.refunded(paid), PATIENT).toBe(4_000);
  await expect.poll(() => levelOf(one.skuId), PATIENT).toMatchObject({ sold: 0, available: 5 });
  expect(await levelOf(other.skuId)).toMatchObject({ sold: 2 });
  await stage.sell(paid).confirm({ lineIds: [second] });
  await expect.poll(() => stage.books(paid), PATIENT).toEqual({ escrow: -4_000, gateway: 4_000 });
});
