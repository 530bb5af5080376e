import { afterAll, beforeAll, expect, test } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import { buyer, seller } from "#tools/testkit/people.ts";
import { openOrderStage, type OrderStage, PATIENT } from "./proof/stage.ts";

let stage: OrderStage;
beforeAll(async () => {
  stage = await openOrderStage();
});
afterAll(() => stage?.close());

const CROWD = Array.from({ length: 20 });
const UNKNOWN = { code: "LINE_UNKNOWN", status: 404 };

test("another seller's and another buyer's hands: the order is unknown (LINE_UNKNOWN), and stays as it is", async () => {
  const paid = await stage.buy([await stage.an.offer(2_000, 5)]);
  const [binh, linh] = await Promise.all([seller(stage.shop), buyer(stage.shop)]);
  for (const key of [paid.orderId, freshId("ord"), "anything"]) {
    const theirs = binh.call(Fulfilment, key);
    await expect(theirs.confirm({})).rejects.toMatchObject(UNKNOWN);
    await expect(theirs.reject({ note: "" })).rejects.toMatchObject(UNKNOWN);
    await expect(theirs.repick({ carrier: "heron", service: "express" })).rejects.toMatchObject(UNKNOWN);
    await expect(theirs.handOver({})).rejects.toMatchObject(UNKNOWN);
    await expect(linh.call(Fulfilment, key).cancel({})).rejects.toMatchObject(UNKNOWN);
    await expect(linh.call(Fulfilment, key).acknowledge({})).rejects.toMatchObject(UNKNOWN);
  }
  await expect(stage.mai.call(Fulfilment, paid.orderId).confirm({})).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  expect(await stage.lines(paid)).toMatchObject([{ state: "paid" }]);
});

test("the order is refunded once, to the last unit, whatever twenty sellers' clicks and twenty buyers' clicks say", async () => {
  const paid = await stage.buy([await stage.an.offer(1_999, 9), await stage.an.offer(701, 9)], 3);
  const order = stage.mai.call(Fulfilment, paid.orderId);
  const ends = await Promise.allSettled([
    ...CROWD.map(() => stage.sell(paid).reject({ note: "No." })),
    ...CROWD.map(() => order.cancel({})),
  ]);
  const changed = ends.flatMap((end) => (end.status === "fulfilled" ? end.value.changed : []));
  expect(changed.toSorted()).toEqual([...paid.lineIds].toSorted());
  const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
  for (const reason of refused) expect(reason).toMatchObject({ code: "LINES_DECIDED" });
  await expect.poll(() => stage.refunded(paid), PATIENT).toBe(8_100);
  await expect.poll(() => stage.books(paid), PATIENT).toEqual({ escrow: -8_100, gateway: 8_100 });
});

test("twenty confirms make one parcel", async () => {
  const paid = await stage.buy([await stage.an.offer(2_000, 5)]);
  const answers = await Promise.all(CROWD.map(() => stage.sell(paid).confirm({})));
  expect(answers.filter(({ changed }) => changed.length > 0)).toHaveLength(1);
  await expect.poll(() => stage.told(paid), PATIENT).toContain("parcel_booked");
  expect(await stage.atCarrier(paid)).toHaveLength(1);
  expect((await stage.mai.call(Shipment).list({ orderId: paid.orderId })).parcels).toHaveLength(1);
});

test("nothing is sent out while the buyer's bank asks for the money back (ORDER_DISPUTED)", async () => {
  const paid = await stage.buy([await stage.an.offer(2_000, 5)]);
  const set = (count: number) => stage.shop.sql`
    update "order"."order" set open_chargebacks = ${count} where order_id = ${paid.orderId}`;
  await set(1);
  await expect(stage.sell(paid).confirm({})).rejects.toMatchObject({ code: "ORDER_DISPUTED" });
  await set(0);
  await stage.sell(paid).confirm({});
  await expect.poll(() => stage.told(paid), PATIENT).toContain("parcel_booked");
});

test("the buyer's receipt counts as the carrier's word, and starts the escrow window", async () => {
  const paid = await stage.buy([await stage.an.offer(2_000, 5)]);
  await stage.sell(paid).confirm({});
  const order = stage.mai.call(Fulfilment, paid.orderId);
  await expect.poll(() => stage.told(paid), PATIENT).toContain("parcel_booked");
  const answers = await Promise.all(CROWD.map(() => order.acknowledge({})));
  expect(answers.filter(({ changed }) => changed.length > 0)).toHaveLength(1);
  expect(await stage.lines(paid)).toMatchObject([{ state: "delivered" }]);
  // A carrier that comes later says nothing new.
  await stage.move(paid, "delivered");
  await expect.poll(async () => (await stage.told(paid)).at(-1), PATIENT).toBe("parcel_delivered");
  expect(await stage.lines(paid)).toMatchObject([{ state: "delivered" }]);
});
