import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Serial } from "@shopnexus/contracts/inventory/serial";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Supply } from "@shopnexus/contracts/inventory/supply";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import { openOrderStage, type OrderStage, type Paid, PATIENT } from "./proof/stage.ts";

let stage: OrderStage;
beforeAll(async () => {
  stage = await openOrderStage({ bookRetryMs: 60, trackMs: 1_500, escrowMs: 600_000 });
});
afterAll(() => stage?.close());
afterEach(() => {
  stage.shop.sandbox.carrier.faults.clear();
  trouble({ down: false, refuses: false });
});

const CARRIERS = ["swift", "heron", "turtle"] as const;
const trouble = (change: { down?: boolean; refuses?: boolean }) => {
  for (const name of CARRIERS) stage.shop.sandbox.carrier.setTrouble(name, change);
};
const bought = async () => stage.buy([await stage.an.offer(2_000, 5)]);
const tells = (paid: Paid, what: string) => expect.poll(() => stage.told(paid), PATIENT).toContain(what);
const parcels = async ({ orderId }: Paid) => (await stage.an.call(Shipment).list({ orderId })).parcels;
const count = async (paid: Paid, what: string) =>
  (await stage.told(paid)).filter((one) => one === what).length;

test("a carrier that is down: told once, asked again for as long as it takes, while the order hears its news", async () => {
  const paid = await stage.buy([await stage.an.offer(2_000, 5), await stage.an.offer(500, 5)]);
  const [first = "", second = ""] = paid.lineIds;
  trouble({ down: true });
  await stage.sell(paid).confirm({ lineIds: [first] });
  await tells(paid, "carrier_down");
  await expect.poll(async () => (await parcels(paid))[0]?.trouble, PATIENT).toBe("carrier_down");
  await stage.sell(paid).reject({ lineIds: [second], note: "Sold out." });
  await expect.poll(() => stage.refunded(paid), PATIENT).toBe(500);
  trouble({ down: false });
  await tells(paid, "parcel_booked");
  expect(await count(paid, "carrier_down")).toBe(1);
  expect(await stage.atCarrier(paid)).toHaveLength(1);
});

test("a carrier that does not take it: told, and the seller sends it by another one", async () => {
  const paid = await bought();
  trouble({ refuses: true });
  await stage.sell(paid).confirm({ carrier: { carrier: "swift", service: "standard" } });
  await tells(paid, "carrier_refused");
  stage.shop.sandbox.carrier.setTrouble("heron", { refuses: false });
  const choice = { carrier: "heron", service: "express" };
  const repicks = await Promise.all(Array.from({ length: 5 }, () => stage.sell(paid).repick(choice)));
  for (const { parcels: seen } of repicks) expect(seen).toMatchObject([{ ...choice, lineIds: paid.lineIds }]);
  await tells(paid, "parcel_booked");
  expect(await count(paid, "carrier_changed")).toBe(1);
  expect(await stage.atCarrier(paid)).toMatchObject([{ carrier: "heron", service: "express" }]);
  await expect(stage.sell(paid).repick(choice)).rejects.toMatchObject({ code: "NOTHING_WAITS", status: 409 });
});

test("a booking whose answer was lost is called off when the seller sends it by another carrier", async () => {
  const paid = await bought();
  const { carrier } = stage.shop.sandbox;
  carrier.faults.set({ errorRate: 1, next: [{ match: "POST /carrier/v1/shipments", kind: "cut" }] });
  await stage.sell(paid).confirm({ carrier: { carrier: "swift", service: "standard" } });
  await tells(paid, "carrier_down");
  expect(await stage.atCarrier(paid)).toMatchObject([{ carrier: "swift", status: "booked" }]);
  await stage.sell(paid).repick({ carrier: "heron", service: "standard" });
  carrier.faults.clear();
  await tells(paid, "parcel_booked");
  const live = async () => (await stage.atCarrier(paid)).filter(({ status }) => status !== "cancelled");
  await expect.poll(live, PATIENT).toMatchObject([{ carrier: "heron" }]);
});

test("another carrier that is chosen while the first one is still thinking is the one that comes", async () => {
  const paid = await bought();
  const { carrier } = stage.shop.sandbox;
  const book = "POST /carrier/v1/shipments";
  carrier.faults.set({ next: [{ match: book, kind: "latency", ms: 1_500 }] });
  await stage.sell(paid).confirm({ carrier: { carrier: "swift", service: "standard" } });
  await expect.poll(async () => (await parcels(paid)).length, PATIENT).toBe(1);
  await stage.sell(paid).repick({ carrier: "heron", service: "standard" });
  await tells(paid, "parcel_booked");
  const live = async () => (await stage.atCarrier(paid)).filter(({ status }) => status !== "cancelled");
  await expect.poll(live, PATIENT).toMatchObject([{ carrier: "heron" }]);
  expect(await stage.atCarrier(paid)).toMatchObject([{ carrier: "swift" }, { carrier: "heron" }]);
});

test("serial numbers that are missing: the seller adds them, and the parcel goes by itself", async () => {
  const thing = await stage.an.offer(2_000, 5);
  const settings = { backorder: false, serials: true, reorderPoint: null, supplierEmail: null };
  await stage.an.call(Supply).configure({ skuId: thing.skuId, ...settings });
  const paid = await stage.buy([thing], 2);
  await stage.sell(paid).confirm({});
  await tells(paid, "serials_short");
  await stage.an.call(Serial).add({ skuId: thing.skuId, serials: ["A1", "A2"] });
  await tells(paid, "parcel_booked");
  const numbers = async () => {
    const { items } = await stage.an.call(Serial).list({ skuId: thing.skuId });
    return items.map(({ state, lineId }) => [state, lineId]);
  };
  const gone = ["shipped", paid.lineIds[0]];
  await expect.poll(numbers, PATIENT).toEqual([gone, gone]);
});

test("news that is doubled, late and out of order leaves what the carrier means; lost news is asked for", async () => {
  const { carrier } = stage.shop.sandbox;
  const chaos = { webhooks: { duplicate: 3, reorder: true } };
  carrier.faults.set(chaos);
  const paid = await bought();
  await stage.sell(paid).confirm({});
  await tells(paid, "parcel_booked");
  for (const state of ["picked_up", "in_transit", "out_for_delivery", "delivered"] as const)
    await stage.move(paid, state);
  await stage.reaches(paid, "delivered");
  expect(await count(paid, "parcel_delivered")).toBe(1);
  carrier.faults.set({ webhooks: { loseRate: 1 } });
  const other = await bought();
  await stage.sell(other).confirm({});
  await tells(other, "parcel_booked");
  await stage.move(other, "delivered");
  await stage.reaches(other, "delivered");
});

test("a parcel that comes back: the buyer gets all of the money, the seller the pieces, once", async () => {
  const thing = await stage.an.offer(2_000, 5);
  const paid = await stage.buy([thing], 2);
  await stage.sell(paid).confirm({});
  await tells(paid, "parcel_booked");
  await stage.move(paid, "picked_up");
  await stage.move(paid, "returned");
  await stage.reaches(paid, "cancelled");
  await expect.poll(() => stage.refunded(paid), PATIENT).toBe(4_000);
  await expect
    .poll(() => stage.mai.call(Stock).level({ skuId: thing.skuId }), PATIENT)
    .toMatchObject({ sold: 0, available: 5 });
  expect(await count(paid, "parcel_returned")).toBe(1);
});

test("a carrier that calls a parcel off: it is booked anew, and goes", async () => {
  const paid = await bought();
  await stage.sell(paid).confirm({});
  await tells(paid, "parcel_booked");
  await stage.move(paid, "cancelled");
  await tells(paid, "parcel_called_off");
  await expect.poll(() => count(paid, "parcel_booked"), PATIENT).toBe(2);
  expect(await stage.atCarrier(paid)).toMatchObject([{ status: "cancelled" }, { status: "booked" }]);
  await stage.move(paid, "delivered");
  await stage.reaches(paid, "delivered");
});

test("lines that are confirmed one after the other leave in parcels of their own", async () => {
  const paid = await stage.buy([await stage.an.offer(2_000, 5), await stage.an.offer(500, 5)]);
  for (const lineId of paid.lineIds) await stage.sell(paid).confirm({ lineIds: [lineId] });
  await expect.poll(() => count(paid, "parcel_booked"), PATIENT).toBe(2);
  expect((await parcels(paid)).map(({ lineIds, state }) => [lineIds, state])).toEqual(
    paid.lineIds.map((lineId) => [[lineId], "sealed"]),
  );
});
