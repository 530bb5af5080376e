import { createHmac, randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { type Booking, OWN_CARRIER, type ShipmentState } from "@shopnexus/contracts/order/carriage";
import { expire } from "../../line/expire.ts";
import { type PaidOrder, SELLER, toldOf, versionOf } from "../../line/proof/stage.ts";
import { book } from "../book.ts";
import { handOver } from "../hand-over.ts";
import { record } from "../record.ts";
import { seal } from "../seal.ts";
import { track } from "../track.ts";
import { type CarrierStage, openCarrierStage, SECRET } from "./stage.ts";

let stage: CarrierStage;
beforeAll(async () => {
  stage = await openCarrierStage();
});
afterAll(() => stage?.close());
afterEach(() => stage.carrier.faults.clear());

const signed = (payload: string) => {
  const t = Math.floor(Date.now() / 1_000);
  const v1 = createHmac("sha256", SECRET).update(`${t}.${payload}`).digest("hex");
  return { payload, signature: `t=${t},v1=${v1}` };
};
type Sent = { order: PaidOrder; booking: Booking };
const sent = async (): Promise<Sent> => {
  const made = await stage.confirmed();
  await book(made.booking, stage.scene());
  await seal(made.booking, stage.scene());
  return made;
};
const theirs = ({ booking }: Sent) => stage.booked(booking.shipmentId).at(-1);
const said = (of: Sent, status: string, change: object = {}) => {
  const parcel = theirs(of);
  const fact = {
    eventId: `cev_${randomUUID()}`,
    shipmentId: parcel?.shipmentId,
    trackingId: parcel?.trackingId,
    reference: of.booking.shipmentId,
    status,
    at: new Date().toISOString(),
  };
  return signed(JSON.stringify({ ...fact, ...change }));
};
const hear = (of: Sent, status: string) => record(said(of, status), stage.scene());
const stateOf = async ({ booking }: Sent) => (await stage.row(booking.shipmentId)).state;
const linesOf = async ({ order }: Sent) => (await stage.lines(order)).map(({ state }) => state);

describe("Shipment/record", () => {
  it("what is not signed by the carrier is refused (SHIPMENT_FORGED), and not kept", async () => {
    const of = await sent();
    const event = said(of, "delivered");
    const count = () => stage.database.db.execute(sql`select count(*)::int as n from "order".carrier_event`);
    const before = await count();
    const forged = {
      ...event,
      signature: event.signature.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
    };
    for (const one of [forged, { ...event, signature: "" }, { ...event, payload: `${event.payload} ` }])
      await expect(record(one, stage.scene())).rejects.toMatchObject({
        code: "SHIPMENT_FORGED",
        status: 400,
      });
    await expect(record(event, stage.alone())).rejects.toMatchObject({ code: "SHIPMENT_FORGED" });
    expect([...(await count())]).toEqual([...before]);
    expect(await stateOf(of)).toBe("booked");
  });

  it("lines follow their parcel: fetched, then delivered, and the windows begin; twenty copies count once", async () => {
    const of = await sent();
    const fetched = said(of, "picked_up");
    const before = await versionOf(stage.database.db, of.order.orderId);
    const answers = await Promise.all(Array.from({ length: 20 }, () => record(fetched, stage.scene())));
    for (const { moved } of answers)
      expect(moved).toMatchObject({ orderId: of.order.orderId, version: before });
    expect(await linesOf(of)).toEqual(["shipped", "shipped"]);
    await hear(of, "delivered");
    expect(await linesOf(of)).toEqual(["delivered", "delivered"]);
    const [row] = await stage.database.db.execute(sql`
      select bool_and(claim_until - due_at = interval '23 days') as "isLater" from "order".checkout_line
      where order_id = ${of.order.orderId}`);
    expect(row).toEqual({ isLater: true });
    const [kept] = await stage.database.db.execute(sql`
      select count(*)::int as events from "order".carrier_event where shipment_id = ${of.booking.shipmentId}`);
    expect(kept).toEqual({ events: 2 });
    expect(await toldOf(stage.database.db, of.order.orderId)).toEqual([
      "lines_confirmed",
      "parcel_booked",
      "parcel_shipped",
      "parcel_delivered",
    ]);
  });

  it("news in any order, any number of times, at once: the parcel goes forward only, and ends delivered", async () => {
    const way = ["picked_up", "in_transit", "out_for_delivery", "failed_attempt", "delivered"];
    for (let round = 0; round < 4; round++) {
      const of = await sent();
      const events = way.map((status) => said(of, status));
      const turned = [...events.slice(round), ...events.slice(0, round)];
      const crowd = [...turned.toReversed(), ...turned, ...turned.toReversed()];
      await Promise.all(crowd.map((event) => record(event, stage.scene())));
      expect(await stateOf(of)).toBe("delivered");
      expect(await linesOf(of)).toEqual(["delivered", "delivered"]);
    }
  });

  it.each([
    ["delivered", "lost"],
    ["delivered", "returned"],
    ["delivered", "picked_up"],
    ["returned", "delivered"],
  ])("what is %s stays so, also when somebody says %s", async (first, second) => {
    const of = await sent();
    await hear(of, first);
    const lines = await linesOf(of);
    await hear(of, second);
    expect(await stateOf(of)).toBe(first);
    expect(await linesOf(of)).toEqual(lines);
  });

  it("a parcel that was given up turns up: its lines stay what they are, and people are told", async () => {
    const of = await sent();
    await hear(of, "lost");
    await expire({ orderId: of.order.orderId, lineIds: [...of.order.lineIds] }, stage.scene());
    await hear(of, "delivered");
    expect(await stateOf(of)).toBe("delivered");
    expect(await linesOf(of)).toEqual(["cancelled", "cancelled"]);
    expect(await toldOf(stage.database.db, of.order.orderId)).toContain("parcel_found");
  });

  it("of a parcel that is not ours, or under our name but another's, nothing changes; it is kept", async () => {
    const of = await sent();
    for (const change of [
      { reference: "order-1" },
      { reference: freshId("shp") },
      { shipmentId: "shp_of_somebody" },
    ]) {
      const event = said(of, "delivered", change);
      await record(event, stage.scene());
      const [row] = await stage.database.db.execute(
        sql`select 1 as kept from "order".carrier_event where payload = ${event.payload}`,
      );
      expect(row).toEqual({ kept: 1 });
    }
    expect(await record(said(of, "teleported"), stage.scene())).toMatchObject({
      moved: { orderId: of.order.orderId },
    });
    expect([await stateOf(of), await linesOf(of)]).toEqual(["booked", ["confirmed", "confirmed"]]);
  });

  it("a booking whose answer was lost is known by what the carrier says of it", async () => {
    const made = await stage.confirmed();
    stage.carrier.faults.set({ next: [{ match: "POST /carrier/v1/shipments", kind: "cut" }] });
    await book(made.booking, stage.scene());
    await hear(made, "picked_up");
    const { trackingId } = await stage.row(made.booking.shipmentId);
    expect(trackingId).toBe(theirs(made)?.trackingId);
    expect(await book(made.booking, stage.scene())).toMatchObject({ state: "booked", trackingId });
    expect((await seal(made.booking, stage.scene())).lines).toHaveLength(2);
  });

  it("a carrier that calls a parcel off leaves its lines waiting for another booking", async () => {
    const of = await sent();
    await hear(of, "cancelled");
    expect(await stage.lines(of.order)).toMatchObject([{ shipmentId: null }, { shipmentId: null }]);
    const parcels = await stage.database.db.execute(
      sql`select state, carrier from "order".parcel where order_id = ${of.order.orderId} order by planned_at`,
    );
    expect([...parcels]).toEqual([
      { state: "sealed", carrier: "swift" },
      { state: "waiting", carrier: "swift" },
    ]);
  });

  it("a claim on a line goes on while its parcel arrives", async () => {
    const of = await sent();
    await hear(of, "picked_up");
    await stage.database.db.execute(sql`update "order".checkout_line set state = 'refunding', resume_state = 'shipped',
      due_at = now() where order_id = ${of.order.orderId}`);
    await hear(of, "delivered");
    const rows = await stage.database.db.execute(sql`
      select distinct state, resume_state as resumes, claim_until is not null as "hasWindow", due_at <= now() as "isDue"
      from "order".checkout_line where order_id = ${of.order.orderId}`);
    expect([...rows]).toEqual([{ state: "refunding", resumes: "delivered", hasWindow: true, isDue: true }]);
  });
});

describe("Shipment/track", () => {
  it("finds what nobody told; when nobody answers it asks again later", async () => {
    const of = await sent();
    stage.carrier.move(theirs(of)?.shipmentId ?? "", "delivered", { times: 0 });
    stage.carrier.faults.set({ errorRate: 1 });
    const before = (await stage.row(of.booking.shipmentId)).lookAt;
    expect(await track(of.booking, stage.scene())).toEqual({ state: "booked" });
    expect((await stage.row(of.booking.shipmentId)).lookAt).not.toEqual(before);
    stage.carrier.faults.clear();
    expect(await track(of.booking, stage.scene())).toEqual({ state: "delivered" });
    expect(await linesOf(of)).toEqual(["delivered", "delivered"]);
    expect((await stage.row(of.booking.shipmentId)).lookAt).toBeNull();
  });
});

describe("Shipment/handOver", () => {
  const own = async (): Promise<Sent> => {
    const made = await stage.confirmed(OWN_CARRIER);
    await book(made.booking, stage.alone());
    await seal(made.booking, stage.alone());
    return made;
  };
  const ask = ({ order }: Sent, isDelivered: boolean, accountId = SELLER) =>
    handOver({ orderId: order.orderId, accountId, isDelivered }, stage.alone());

  it("where a shop has no carriers the seller says so, twice like once", async () => {
    const of = await own();
    for (const [isDelivered, line, parcel] of [
      [false, "shipped", "picked_up"],
      [true, "delivered", "delivered"],
    ] as Array<[boolean, string, ShipmentState]>) {
      const answers = [await ask(of, isDelivered), await ask(of, isDelivered)];
      expect(answers.map(({ changed }) => changed.length)).toEqual([2, 0]);
      expect(answers[1]?.version).toBe(answers[0]?.version);
      expect([await linesOf(of), await stateOf(of)]).toEqual([[line, line], parcel]);
    }
    await expect(ask(of, false, freshId("acc"))).rejects.toMatchObject({ code: "LINE_UNKNOWN" });
  });

  it("a seller's word never overrules a carrier's (CARRIER_SPEAKS), and nothing is handed over before it is packed (LINES_DECIDED)", async () => {
    const of = await sent();
    await expect(ask(of, true)).rejects.toMatchObject({ code: "CARRIER_SPEAKS", status: 409 });
    expect(await linesOf(of)).toEqual(["confirmed", "confirmed"]);
    const { order, booking } = await stage.confirmed();
    await expect(ask({ order, booking }, false)).rejects.toMatchObject({ code: "LINES_DECIDED" });
  });
});
