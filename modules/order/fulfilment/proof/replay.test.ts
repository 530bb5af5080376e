import { afterAll, beforeAll, expect, test } from "vitest";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { openOrderStage, type OrderStage, type Paid, PATIENT } from "./stage.ts";

let stage: OrderStage;
beforeAll(async () => {
  // Restate gives up waiting at once: every await of a handler ends its attempt, and the next one replays its journal.
  const restateEnv = { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" };
  const noCarriers = { CARRIER_API_URL: "", CARRIER_SECRET: "" };
  stage = await openOrderStage({ escrowMs: 300, claimMs: 1_200 }, { restateEnv, environment: noCarriers });
});
afterAll(() => stage?.close());

const isOver = async ({ orderId }: Paid) =>
  (await fetch(`${stage.shop.ingressUrl}/restate/workflow/Fulfilment/${orderId}/output`)).status === 200;

test("Fulfilment/run: replayed before every step, in a shop without carriers, an order ends as it should", async () => {
  const paid = await stage.buy([await stage.an.offer(2_000, 5), await stage.an.offer(700, 5)]);
  const [first = "", second = ""] = paid.lineIds;
  await stage.sell(paid).confirm({ lineIds: [first] });
  await stage.mai.call(Fulfilment, paid.orderId).cancel({ lineIds: [second] });
  await expect.poll(() => stage.told(paid), PATIENT).toContain("parcel_booked");
  await stage.sell(paid).handOver({});
  await stage.reaches(paid, "shipped", [first]);
  await stage.sell(paid).handOver({ isDelivered: true });
  await stage.reaches(paid, "fulfilled", [first]);
  await expect.poll(() => stage.refunded(paid), PATIENT).toBe(700);
  await expect.poll(() => isOver(paid), PATIENT).toBe(true);
  expect(await stage.books(paid)).toMatchObject({ escrow: -2_700, gateway: 700 });
  expect(await stage.told(paid)).toEqual([
    "lines_confirmed",
    "lines_cancelled",
    "parcel_booked",
    "parcel_shipped",
    "parcel_delivered",
    "seller_paid",
  ]);
});
