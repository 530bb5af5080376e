import { afterAll, beforeAll, expect, test } from "vitest";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Supply } from "@shopnexus/contracts/inventory/supply";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import type { Goods } from "#tools/testkit/people.ts";
import { basketOf, checkOut, payInBrowser } from "#tools/testkit/people.ts";
import { openOrderStage, type OrderStage, type Paid, PATIENT } from "./proof/stage.ts";

let stage: OrderStage;
beforeAll(async () => {
  stage = await openOrderStage({
    confirmMs: 2_500,
    remindFirstMs: 1_600,
    remindLastMs: 800,
    backorderMs: 1_500,
    handoverMs: 1_200,
    transitMs: 1_200,
    trackMs: 600_000,
    escrowMs: 700,
    claimMs: 2_500,
    bookRetryMs: 100,
  });
});
afterAll(() => stage?.close());

const levelOf = ({ skuId }: Goods) => stage.mai.call(Stock).level({ skuId });
const reasons = async (paid: Paid) => (await stage.lines(paid)).map(({ state, reason }) => [state, reason]);
const letters = async (paid: Paid) => {
  const rows = await stage.shop.sql<{ template: string }[]>`
    select template from common.mail where message_key like ${`${paid.orderId}%`}
      or message_key like ${`${paid.lineIds[0]}%`} order by queued_at`;
  return rows.map(({ template }) => template);
};
const isOver = async ({ orderId }: Paid) => {
  const url = `${stage.shop.ingressUrl}/restate/workflow/Fulfilment/${orderId}/output`;
  return (await fetch(url)).status === 200;
};
const overSoon = (paid: Paid) => expect.poll(() => isOver(paid), PATIENT).toBe(true);

test("a silent seller is reminded twice, then cancelled: the money and the pieces go back, and it is over", async () => {
  const thing = await stage.an.offer(2_000, 5);
  const paid = await stage.buy([thing], 2);
  await stage.reaches(paid, "cancelled");
  expect(await reasons(paid)).toEqual([["cancelled", "seller_silent"]]);
  await expect.poll(() => stage.refunded(paid), PATIENT).toBe(4_000);
  await expect.poll(() => levelOf(thing), PATIENT).toMatchObject({ sold: 0, available: 5 });
  expect(await stage.told(paid)).toEqual(["seller_reminded", "seller_reminded", "lines_expired"]);
  await overSoon(paid);
  await expect
    .poll(() => letters(paid), PATIENT)
    .toEqual(
      expect.arrayContaining(["confirm_reminder", "confirm_reminder", "lines_cancelled", "refund_paid"]),
    );
  expect((await letters(paid)).filter((template) => template === "confirm_reminder")).toHaveLength(2);
  await expect(stage.sell(paid).confirm({})).rejects.toMatchObject({ code: "LINES_DECIDED" });
});

test("stock that never comes: the buyer gets the money back", async () => {
  const thing = await stage.an.offer(1_000, 1);
  const settings = { backorder: true, serials: false, reorderPoint: null, supplierEmail: null };
  await stage.an.call(Supply).configure({ skuId: thing.skuId, ...settings });
  const basket = { ...basketOf(stage.mai, [thing], 3), stock: "partial" as const };
  const opened = await checkOut(stage.mai, basket);
  await payInBrowser(stage.shop.sandbox.url, opened);
  const { orderIds, lines } = await stage.mai.call(Checkout, opened.checkoutId).look({});
  const paid = {
    checkoutId: opened.checkoutId,
    orderId: orderIds[0] ?? "",
    lineIds: lines.map(({ lineId }) => lineId),
  };
  expect(await reasons(paid)).toEqual([["backordered", null]]);
  await stage.reaches(paid, "cancelled");
  expect(await reasons(paid)).toEqual([["cancelled", "stock_never_came"]]);
  await expect.poll(() => stage.refunded(paid), PATIENT).toBe(3_000);
  await expect.poll(() => levelOf(thing), PATIENT).toMatchObject({ sold: 0, held: 0, available: 1 });
  await overSoon(paid);
});

test("a parcel that is never fetched: operators are told, then it is called off, refunded with its carriage", async () => {
  stage.shop.sandbox.carrier.setTariff({ baseMinor: 500 });
  const thing = await stage.an.offer(2_000, 5);
  const paid = await stage.buy([thing]);
  stage.shop.sandbox.carrier.setTariff({ baseMinor: 0 });
  await stage.sell(paid).confirm({});
  await stage.reaches(paid, "cancelled");
  expect(await reasons(paid)).toEqual([["cancelled", "carrier_silent"]]);
  expect(await stage.atCarrier(paid)).toMatchObject([{ status: "cancelled" }]);
  await expect.poll(() => stage.refunded(paid), PATIENT).toBeGreaterThan(2_000);
  await expect.poll(() => stage.books(paid), PATIENT).not.toHaveProperty("platform:shipping");
  expect(await stage.told(paid)).toEqual([
    "lines_confirmed",
    "parcel_booked",
    "handover_late",
    "handover_expired",
  ]);
  await expect.poll(() => levelOf(thing), PATIENT).toMatchObject({ sold: 0, available: 5 });
  await overSoon(paid);
});

test("a parcel that nobody hears of any more: operators are told, then it counts as lost and is refunded", async () => {
  const thing = await stage.an.offer(2_000, 5);
  const paid = await stage.buy([thing]);
  await stage.sell(paid).confirm({});
  await expect.poll(() => stage.told(paid), PATIENT).toContain("parcel_booked");
  await stage.move(paid, "picked_up");
  await stage.reaches(paid, "cancelled");
  expect(await reasons(paid)).toEqual([["cancelled", "parcel_lost"]]);
  await expect.poll(() => stage.refunded(paid), PATIENT).toBe(2_000);
  expect(await stage.told(paid)).toEqual([
    "lines_confirmed",
    "parcel_booked",
    "parcel_shipped",
    "transit_late",
    "parcel_lost",
  ]);
  // Its pieces are as lost as it is.
  expect(await levelOf(thing)).toMatchObject({ sold: 1 });
  await overSoon(paid);
});

test("delivered: the seller is paid after one window, and it is over after the other", async () => {
  const paid = await stage.buy([await stage.an.offer(2_000, 5)]);
  await stage.sell(paid).confirm({});
  await expect.poll(() => stage.told(paid), PATIENT).toContain("parcel_booked");
  await stage.move(paid, "delivered");
  await stage.reaches(paid, "delivered");
  await stage.reaches(paid, "fulfilled");
  expect(await isOver(paid)).toBe(false);
  await overSoon(paid);
  expect(await stage.books(paid)).toMatchObject({ escrow: -2_000 });
});
