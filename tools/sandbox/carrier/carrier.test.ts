import { afterEach, beforeEach, expect, test } from "vitest";
import { address, type CarrierStage, openCarrierStage, SMALL } from "./stage.ts";

let carriers: CarrierStage;
beforeEach(async () => {
  carriers = await openCarrierStage({ tariff: { baseMinor: 500, perKgMinor: 200 } });
});
afterEach(() => carriers[Symbol.asyncDispose]());

const sandbox = () => carriers.stage.sandbox.carrier;
const quote = (changes: object = {}) =>
  carriers.ask("POST /quotes", {
    body: { from: null, to: address(), parcel: SMALL, currency: "USD", ...changes },
  });

test("without the secret nothing is answered", async () => {
  for (const authorization of ["", "Bearer wrong"]) {
    const answer = await carriers.ask("GET /shipments", { headers: { authorization } });
    expect(answer).toMatchObject({ status: 401, body: { error: { code: "unauthorized" } } });
  }
});

test("quotes: everyone who goes there names a price, cheapest first", async () => {
  const { body } = await quote();
  expect(body.quotes?.[0]).toEqual({
    carrier: "turtle",
    service: "standard",
    price: { minor: 490, currency: "USD" },
    days: 9,
  });
  const minors = body.quotes?.map(({ price }) => price.minor);
  expect(minors).toEqual([490, 700, 770, 1_050, 1_260]);
});

test("quotes: prices in the currency asked for, or in USD", async () => {
  const first = async (currency: string) => (await quote({ currency })).body.quotes?.[0]?.price;
  expect(await first("VND")).toEqual({ minor: 122_500, currency: "VND" });
  expect(await first("EUR")).toEqual({ minor: 451, currency: "EUR" });
  expect(await first("KWD")).toEqual({ minor: 490, currency: "USD" });
});

test("quotes: nobody goes to ZZ", async () => {
  expect((await quote({ to: { country: "ZZ" } })).body).toEqual({ quotes: [] });
  const { status, body } = await carriers.book({ to: address("ZZ") });
  expect([status, body.error?.code]).toEqual([422, "not_served"]);
});

test("tariff: the control changes what is asked from then on, down to nothing", async () => {
  await carriers.stage.control("POST /sandbox/carrier/tariff", { baseMinor: 0 });
  expect((await quote()).body.quotes?.[0]?.price.minor).toBe(140);
  sandbox().setTariff({ perKgMinor: 0 });
  expect((await quote({ currency: "VND" })).body.quotes?.map(({ price }) => price.minor)).toEqual([
    0, 0, 0, 0, 0,
  ]);
  expect((await carriers.book({ currency: "VND" })).body.price).toEqual({ minor: 0, currency: "VND" });
});

test("book: the same key gives the same shipment, whatever became of the carrier since", async () => {
  const first = await carriers.book({}, "key-1");
  expect(first).toMatchObject({
    status: 201,
    body: { status: "booked", carrier: "swift", price: { minor: 770 } },
  });
  sandbox().setTrouble("swift", { down: true });
  const second = await carriers.book({}, "key-1");
  expect([second.status, second.body]).toEqual([201, first.body]);
  expect(second.headers.get("idempotent-replayed")).toBe("true");
  expect(sandbox().shipments()).toHaveLength(1);
});

test("book: the same key with another booking is refused with idempotency_key_reused", async () => {
  await carriers.book({}, "key-1");
  const { status, body } = await carriers.book({ reference: "order-2" }, "key-1");
  expect([status, body.error?.code]).toEqual([409, "idempotency_key_reused"]);
  expect(sandbox().shipments()).toHaveLength(1);
});

test("book: without a key it is refused, and so is what no carrier offers", async () => {
  expect((await carriers.book({}, "")).body.error?.code).toBe("idempotency_key_required");
  for (const changes of [{ carrier: "pigeon" }, { carrier: "turtle", service: "express" }]) {
    expect((await carriers.book(changes)).body.error?.code).toBe("not_served");
  }
});

test("faults: a carrier that refuses is 422 carrier_refused; the same key books it when it no longer does", async () => {
  await carriers.stage.control("POST /sandbox/carrier/faults", { carrier: "swift", refuses: true });
  const refused = await carriers.book({}, "key-1");
  expect([refused.status, refused.body.error?.code]).toEqual([422, "carrier_refused"]);
  expect((await carriers.book({ carrier: "heron" })).status).toBe(201);
  await carriers.stage.control("POST /sandbox/carrier/faults", { carrier: "swift", refuses: false });
  expect((await carriers.book({}, "key-1")).status).toBe(201);
});

test("faults: a carrier that is down is 503 and has no quotes; when all are, quotes are 503 too", async () => {
  sandbox().setTrouble("swift", { down: true });
  const booked = await carriers.book();
  expect([booked.status, booked.body.error?.code]).toEqual([503, "carrier_down"]);
  const names = (await quote()).body.quotes?.map(({ carrier }) => carrier);
  expect(new Set(names)).toEqual(new Set(["heron", "turtle"]));
  for (const name of ["heron", "turtle"] as const) sandbox().setTrouble(name, { down: true });
  expect(await quote()).toMatchObject({ status: 503, body: { error: { code: "carrier_down" } } });
  await carriers.stage.control("DELETE /sandbox/carrier/faults");
  expect((await quote()).body.quotes).toHaveLength(5);
});

test("cut: the booking is made and its caller does not know; the same key finds it", async () => {
  sandbox().faults.set({ next: [{ match: "POST /carrier/v1/shipments", kind: "cut" }] });
  await expect(carriers.book({}, "key-1")).rejects.toThrow("fetch failed");
  const found = await carriers.book({}, "key-1");
  expect(
    sandbox()
      .shipments()
      .map(({ shipmentId }) => shipmentId),
  ).toEqual([found.body.shipmentId]);
});

test("error: 503 before execution leaves nothing behind", async () => {
  sandbox().faults.set({ next: [{ match: "POST /carrier/v1/shipments", kind: "error" }] });
  expect(await carriers.book()).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
  expect(sandbox().shipments()).toEqual([]);
});

test("cancel: while it is booked, again without change, and never after it was fetched", async () => {
  const [one, other] = [(await carriers.book()).body, (await carriers.book()).body];
  const cancel = (id = "") => carriers.ask(`POST /shipments/${id}/cancel`);
  expect((await cancel(one.shipmentId)).body.status).toBe("cancelled");
  expect(await cancel(one.shipmentId)).toMatchObject({ status: 200, body: { status: "cancelled" } });
  expect(sandbox().events()).toHaveLength(1);
  sandbox().move(other.shipmentId ?? "", "picked_up");
  expect(await cancel(other.shipmentId)).toMatchObject({
    status: 409,
    body: { error: { code: "not_cancellable" } },
  });
  expect((await cancel("shp_none")).body.error?.code).toBe("unknown_shipment");
});

test("list: by tracking id, by reference, by the time of booking, in pages", async () => {
  const booked = [];
  for (const reference of ["a", "b", "b"]) booked.push((await carriers.book({ reference })).body);
  const list = async (query: string) => {
    const { body } = await carriers.ask(`GET /shipments?${query}`);
    return { ids: body.shipments?.map(({ shipmentId }) => shipmentId), next: body.next };
  };
  const [first, second, third] = booked.map(({ shipmentId }) => shipmentId);
  expect((await list(`trackingId=${booked[1]?.trackingId}`)).ids).toEqual([second]);
  expect((await list("reference=b")).ids).toEqual([second, third]);
  expect(await list("limit=2")).toEqual({ ids: [first, second], next: second });
  expect(await list(`limit=2&after=${second}`)).toEqual({ ids: [third], next: null });
  const from = booked[0]?.createdAt ?? "";
  expect((await list(`createdFrom=${from}`)).ids).toHaveLength(3);
  expect((await list(`createdBefore=${from}`)).ids).toEqual([]);
  expect(await carriers.ask(`GET /shipments/${first}`)).toMatchObject({
    status: 200,
    body: { reference: "a" },
  });
});

test.each([
  ["noise", "POST /quotes", "{"],
  ["a field too many", "POST /quotes", { colour: "red" }],
  ["no country", "POST /quotes", { from: null, to: {}, parcel: SMALL, currency: "USD" }],
  ["a small currency", "POST /quotes", { from: null, to: address(), parcel: SMALL, currency: "usd" }],
  ["an address without a street", "POST /shipments", { to: { country: "VN" } }],
  ["a strange filter", "GET /shipments?colour=red", undefined],
])("garbage is refused without a stack: %s", async (_, route, body) => {
  const answer = await carriers.ask(route, { body, headers: { "idempotency-key": "key-1" } });
  expect(answer).toMatchObject({ status: 400, body: { error: { code: "invalid_request" } } });
  expect(JSON.stringify(answer.body)).not.toContain(".ts:");
});
