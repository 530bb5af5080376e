import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { type Endpoint, openEndpoint, openStage, until } from "../stage.ts";
import type { Delivery } from "../hooks/delivery.ts";
import type { State } from "../totals.ts";
import type { CarrierFact } from "./shapes.ts";
import { type CarrierStage, openCarrierStage, SECRET } from "./stage.ts";

let endpoint: Endpoint;
let carriers: CarrierStage;
beforeEach(async () => {
  endpoint = await openEndpoint();
  carriers = await openCarrierStage({ webhookUrl: endpoint.url, seed: 5 });
});
afterEach(async () => {
  await carriers[Symbol.asyncDispose]();
  await endpoint[Symbol.asyncDispose]();
});

const sandbox = () => carriers.stage.sandbox.carrier;
const bookOne = async () => (await carriers.book()).body.shipmentId ?? "";
const facts = () =>
  endpoint.received.map(({ body }) => JSON.parse(body) as CarrierFact & { eventId: string });
const statuses = () => facts().map(({ status }) => status);

test("each stop is told once, signed over time and body", async () => {
  const shipmentId = await bookOne();
  const { trackingId } = sandbox().move(shipmentId, "picked_up");
  await until(() => endpoint.received.length === 1);
  const { body = "", headers = {} } = endpoint.received[0] ?? {};
  const [, at = "", signature = ""] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["carrier-signature"])) ?? [];
  expect(signature).toBe(createHmac("sha256", SECRET).update(`${at}.${body}`).digest("hex"));
  expect(headers["stripe-signature"]).toBeUndefined();
  expect(JSON.parse(body)).toEqual({
    eventId: sandbox().events()[0]?.id,
    shipmentId,
    trackingId,
    reference: "order-1",
    status: "picked_up",
    at: expect.stringMatching(/Z$/),
  });
});

test("a parcel goes forward, may skip stops, and what has ended stays so", async () => {
  const shipmentId = await bookOne();
  sandbox().move(shipmentId, "out_for_delivery");
  expect(() => sandbox().move(shipmentId, "in_transit")).toThrow(/cannot become/);
  for (const status of ["failed_attempt", "out_for_delivery", "delivered"] as const) {
    sandbox().move(shipmentId, status);
  }
  const refused = await carriers.stage.control(`POST /sandbox/shipments/${shipmentId}/move`, {
    status: "lost",
  });
  expect(refused).toMatchObject({ error: { code: "impossible_move" } });
  const { body } = await carriers.ask(`GET /shipments/${shipmentId}`);
  const times = body.history?.map(({ at }) => at) ?? [];
  expect(new Set(times).size).toBe(5);
  expect(times.toSorted()).toEqual(times);
});

test("what was lost may turn up", async () => {
  const { trackingId = "" } = (await carriers.book()).body;
  sandbox().move(trackingId, "lost");
  expect(sandbox().move(trackingId, "delivered").status).toBe("delivered");
});

test("move: so many copies, so late; none of them is a loss that a replay brings back", async () => {
  const shipmentId = await bookOne();
  const moved = (body: object) => carriers.stage.control(`POST /sandbox/shipments/${shipmentId}/move`, body);
  await moved({ status: "picked_up", lateMs: 150 });
  await moved({ status: "in_transit", times: 2 });
  await moved({ status: "delivered", times: 0 });
  await until(() => endpoint.received.length === 3);
  expect(statuses()).toEqual(["in_transit", "in_transit", "picked_up"]);
  expect(new Set(facts().map(({ eventId }) => eventId)).size).toBe(2);
  const eventId = sandbox().events().at(-1)?.id;
  await carriers.stage.control("POST /sandbox/carrier/webhooks/replay", { eventId, times: 2 });
  await until(() => endpoint.received.length === 5);
  expect(statuses().slice(3)).toEqual(["delivered", "delivered"]);
});

test("a webhook that fails is tried again until it says 2xx", async () => {
  await using stubborn = await openEndpoint((count) => (count < 3 ? 500 : 200));
  await carriers.stage.control("POST /sandbox/carrier/webhooks", { url: stubborn.url });
  sandbox().move(await bookOne(), "picked_up");
  await until(() => stubborn.received.length === 3);
  const seen = () =>
    carriers.stage.control<{ deliveries: Delivery[] }>("GET /sandbox/carrier/deliveries?state=delivered");
  await expect.poll(async () => (await seen()).deliveries).toMatchObject([{ attemptCount: 3 }]);
});

test("faults: webhooks are doubled, late and lost as Stripe's are, and Stripe's are not touched", async () => {
  await carriers.stage.control("POST /sandbox/carrier/weather", { webhooks: { duplicate: 1, lateMs: 30 } });
  const shipmentId = await bookOne();
  sandbox().move(shipmentId, "picked_up");
  await until(() => endpoint.received.length === 2);
  sandbox().faults.set({ webhooks: { loseRate: 1 } });
  sandbox().move(shipmentId, "delivered");
  const { deliveries } = await carriers.stage.control<{ deliveries: Delivery[] }>(
    "GET /sandbox/carrier/deliveries?state=lost",
  );
  expect(deliveries).toHaveLength(1);
  expect(carriers.stage.sandbox.faults.current()).toEqual({});
});

test("faults: a burst arrives whole, in another order", async () => {
  sandbox().faults.set({ webhooks: { reorder: true } });
  const shipmentId = await bookOne();
  const stops = ["picked_up", "in_transit", "delivered"] as const;
  for (const status of stops) sandbox().move(shipmentId, status);
  await until(() => endpoint.received.length === 3);
  expect(statuses()).not.toEqual(stops);
  expect(statuses().toSorted()).toEqual(stops.toSorted());
});

test("tell: a signed fact about a parcel that nobody booked", async () => {
  const at = new Date().toISOString();
  sandbox().tell(
    { shipmentId: "shp_x", trackingId: "XX1", reference: "none", status: "delivered", at },
    { times: 2 },
  );
  await until(() => endpoint.received.length === 2);
  expect(facts()[0]).toMatchObject({ shipmentId: "shp_x", status: "delivered" });
});

test("auto life: a parcel goes through every stop by itself, at once when that takes no time", async () => {
  sandbox().setAutoMs(0);
  const { body } = await carriers.book();
  expect(body.status).toBe("booked");
  const usual = ["picked_up", "in_transit", "out_for_delivery", "delivered"];
  await until(() => endpoint.received.length === 4);
  expect(
    sandbox()
      .shipments()[0]
      ?.history.map(({ status }) => status),
  ).toEqual(["booked", ...usual]);
});

test("auto life: begins for parcels that waited, and leaves a cancelled one alone", async () => {
  const [going, gone] = [await bookOne(), await bookOne()];
  await carriers.ask(`POST /shipments/${gone}/cancel`);
  await carriers.stage.control("POST /sandbox/carrier/life", { autoMs: 10 });
  const statusOf = (id: string) =>
    sandbox()
      .shipments()
      .find(({ shipmentId }) => shipmentId === id)?.status;
  await until(() => statusOf(going) === "delivered");
  expect(statusOf(gone)).toBe("cancelled");
});

test("a store keeps parcels and keys over a restart, and they go on", async () => {
  const folder = await mkdtemp(join(tmpdir(), "carrier-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const options = { store: join(folder, "sandbox.sqlite"), carrier: { secret: SECRET } };
  const authorization = `Bearer ${SECRET}`;
  const send = async (url: string) => {
    const { reference, carrier, service, from, to, parcel, contents } = sandbox().shipments()[0] ?? {};
    const body = JSON.stringify({ reference, carrier, service, from, to, parcel, contents });
    const headers = { authorization, "idempotency-key": "key-1" };
    const response = await fetch(`${url}/shipments`, { method: "POST", headers, body });
    return ((await response.json()) as { shipmentId: string }).shipmentId;
  };
  await bookOne();
  const before = await openStage(options);
  const shipmentId = await send(before.sandbox.carrier.apiUrl);
  await before[Symbol.asyncDispose]();
  await using after = await openStage({ ...options, carrier: { secret: SECRET, autoMs: 0 } });
  expect(await send(after.sandbox.carrier.apiUrl)).toBe(shipmentId);
  await until(() => after.sandbox.carrier.shipments()[0]?.status === "delivered");
});

test("reset forgets parcels, keys, tariff and troubles; the state counts them", async () => {
  sandbox().setTrouble("swift", { refuses: true });
  await carriers.book({ carrier: "heron" }, "key-1");
  const state = () => carriers.stage.control<State>("GET /sandbox/state");
  expect((await state())["carrier"]).toMatchObject({ shipments: { booked: 1 } });
  await carriers.stage.control("POST /sandbox/reset");
  expect((await state())["carrier"]).toMatchObject({ shipments: {}, events: 0 });
  expect((await carriers.book({ carrier: "swift" }, "key-1")).status).toBe(201);
});
