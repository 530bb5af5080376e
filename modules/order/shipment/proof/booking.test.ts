import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { asAccount, sceneOf } from "#tools/testkit/scene.ts";
import { ADDRESS } from "#tools/testkit/people.ts";
import { cancel } from "../../line/cancel.ts";
import { repick } from "../../packing/repick.ts";
import { SELLER } from "../../line/proof/stage.ts";
import { book } from "../book.ts";
import { label } from "../label.ts";
import { list } from "../list.ts";
import { offer } from "../offer.ts";
import { read } from "../read.ts";
import { seal } from "../seal.ts";
import { track } from "../track.ts";
import { unbook } from "../unbook.ts";
import { type CarrierStage, openCarrierStage } from "./stage.ts";

let stage: CarrierStage;
beforeAll(async () => {
  stage = await openCarrierStage();
});
afterAll(() => stage?.close());
afterEach(() => {
  stage.carrier.faults.clear();
  stage.carrier.setTrouble("swift", { down: false, refuses: false });
});

const live = (shipmentId: string) => stage.booked(shipmentId).filter(({ status }) => status !== "cancelled");
const CROWD = Array.from({ length: 20 });

describe("Shipment/book", () => {
  it("twenty at once book one parcel, and all hear its tracking id", async () => {
    const { booking } = await stage.confirmed();
    const answers = await Promise.all(CROWD.map(() => book(booking, stage.scene())));
    const [parcel, ...others] = stage.booked(booking.shipmentId);
    expect(others).toEqual([]);
    for (const answer of answers)
      expect(answer).toEqual({ state: "booked", trackingId: parcel?.trackingId, reason: "" });
    const { shipment } = await read({ shipmentId: booking.shipmentId }, stage.scene());
    expect(shipment).toMatchObject({ state: "booked", isSealed: false, carrier: "swift" });
  });

  it("a carrier that is down is asked again under the same key: one parcel", async () => {
    const { booking } = await stage.confirmed();
    stage.carrier.setTrouble("swift", { down: true });
    expect(await book(booking, stage.scene())).toMatchObject({ state: "down" });
    stage.carrier.setTrouble("swift", { down: false });
    expect(await book(booking, stage.scene())).toMatchObject({ state: "booked" });
    expect(stage.booked(booking.shipmentId)).toHaveLength(1);
  });

  it("an answer that was lost is no second parcel", async () => {
    const { booking } = await stage.confirmed();
    stage.carrier.faults.set({ next: [{ match: "POST /carrier/v1/shipments", kind: "cut" }] });
    expect(await book(booking, stage.scene())).toMatchObject({ state: "down" });
    expect(await book(booking, stage.scene())).toMatchObject({ state: "booked" });
    expect(stage.booked(booking.shipmentId)).toHaveLength(1);
  });

  it("a carrier that does not take it says why, and may be asked again", async () => {
    const { booking } = await stage.confirmed();
    stage.carrier.setTrouble("swift", { refuses: true });
    const refused = await book(booking, stage.scene());
    expect(refused).toMatchObject({ state: "refused", reason: expect.stringContaining("carrier_refused") });
    stage.carrier.setTrouble("swift", { refuses: false });
    expect(await book(booking, stage.scene())).toMatchObject({ state: "booked" });
    const strange = { ...booking, shipmentId: freshId("shp"), carrier: "pigeon" };
    expect(await book(strange, stage.scene())).toMatchObject({ state: "refused" });
  });

  it("what comes back goes from the buyer to the seller; without an address of the seller's it is refused", async () => {
    const { booking, order } = await stage.confirmed();
    const back = { ...booking, kind: "return" as const, parcelId: null, refundId: freshId("rfd") };
    expect(await book(back, stage.scene())).toMatchObject({ state: "refused", trackingId: null });
    const from = { addressId: freshId("adr"), ...ADDRESS, recipient: "The Seller" };
    await stage.database.db.execute(sql`update "order"."order" set from_address = ${JSON.stringify(from)}::jsonb
      where order_id = ${order.orderId}`);
    const home = { ...back, shipmentId: freshId("shp") };
    expect(await book(home, stage.scene())).toMatchObject({ state: "booked" });
    expect(stage.booked(home.shipmentId)).toMatchObject([{ to: { recipient: "The Seller" } }]);
  });

  it("in a shop without carriers nobody is asked, and the parcel has a number all the same", async () => {
    const { booking } = await stage.confirmed();
    const own = { ...booking, carrier: "own", service: "standard" };
    const answers = [await book(own, stage.alone()), await book(own, stage.alone())];
    expect(answers).toEqual([answers[1], answers[1]]);
    expect(answers[0]?.trackingId).toMatch(/^OWN[0-9]{13}$/);
    expect(await unbook({ shipmentId: own.shipmentId }, stage.alone())).toEqual({ state: "cancelled" });
  });
});

describe("Shipment/unbook", () => {
  it("calls a booking off, twice like once; a late book is refused (SHIPMENT_WITHDRAWN)", async () => {
    const { booking } = await stage.confirmed();
    await book(booking, stage.scene());
    for (let times = 0; times < 2; times++)
      expect(await unbook(booking, stage.scene())).toEqual({ state: "cancelled" });
    expect(live(booking.shipmentId)).toEqual([]);
    await expect(book(booking, stage.scene())).rejects.toMatchObject({ code: "SHIPMENT_WITHDRAWN" });
    await expect(seal(booking, stage.scene())).rejects.toMatchObject({ code: "SHIPMENT_WITHDRAWN" });
  });

  it("of a booking that never was it leaves a tombstone: the late one is refused (SHIPMENT_WITHDRAWN), and nothing is booked", async () => {
    const { booking } = await stage.confirmed();
    expect(await unbook(booking, stage.scene())).toEqual({ state: "cancelled" });
    await expect(book(booking, stage.scene())).rejects.toMatchObject({ code: "SHIPMENT_WITHDRAWN" });
    expect(stage.booked(booking.shipmentId)).toEqual([]);
    expect(await read(booking, stage.scene())).toEqual({ shipment: null });
  });

  it("a booking whose answer was lost is found by our own name for it, and called off", async () => {
    const { booking } = await stage.confirmed();
    stage.carrier.faults.set({ next: [{ match: "POST /carrier/v1/shipments", kind: "cut" }] });
    await book(booking, stage.scene());
    expect(live(booking.shipmentId)).toHaveLength(1);
    expect(await unbook(booking, stage.scene())).toEqual({ state: "cancelled" });
    expect(live(booking.shipmentId)).toEqual([]);
  });

  it("when the carrier does not answer it is to be asked again, and then it is done", async () => {
    const { booking } = await stage.confirmed();
    await book(booking, stage.scene());
    stage.carrier.setTrouble("swift", { down: true });
    expect(await unbook(booking, stage.scene())).toEqual({ state: "withdrawing" });
    const again = (await stage.row(booking.shipmentId)).lookAt;
    expect(again).not.toBeNull();
    await unbook(booking, stage.scene());
    // Ever later: the second wait is twice the first.
    const later =
      Date.parse(String((await stage.row(booking.shipmentId)).lookAt)) - Date.parse(String(again));
    expect(later).toBeGreaterThan(4 * MINUTE_MS);
    stage.carrier.setTrouble("swift", { down: false });
    expect(await unbook(booking, stage.scene())).toEqual({ state: "cancelled" });
  });

  it("what the carrier has fetched goes its way, and its lines with it", async () => {
    const { booking, order } = await stage.confirmed();
    await book(booking, stage.scene());
    await seal(booking, stage.scene());
    stage.carrier.move(stage.booked(booking.shipmentId)[0]?.shipmentId ?? "", "picked_up", { times: 0 });
    expect(await unbook(booking, stage.scene())).toEqual({ state: "picked_up" });
    const shipped = { state: "shipped", shipmentId: booking.shipmentId };
    expect(await stage.lines(order)).toEqual([shipped, shipped]);
  });

  it("books and unbooks at once, in whatever order, leave nothing at the carrier", async () => {
    for (let round = 0; round < 5; round++) {
      const { booking } = await stage.confirmed();
      await Promise.allSettled(
        CROWD.map((_, at) =>
          at % 2 === round % 2 ? book(booking, stage.scene()) : unbook(booking, stage.scene()),
        ),
      );
      await book(booking, stage.scene()).catch(() => undefined);
      expect(live(booking.shipmentId)).toEqual([]);
    }
  });
});

describe("Shipment/seal", () => {
  const repicked = async () => {
    const { booking } = await stage.confirmed();
    await book(booking, stage.scene());
    const heron = { orderId: booking.orderId, accountId: SELLER, carrier: "heron", service: "standard" };
    await repick(heron, stage.scene());
    return booking;
  };

  it("has no label for a parcel that goes by another carrier since (PARCEL_REPICKED)", async () => {
    await expect(seal(await repicked(), stage.scene())).rejects.toMatchObject({ code: "PARCEL_REPICKED" });
  });

  it("what was fetched before the other choice was heard of goes as it is", async () => {
    const booking = await repicked();
    const [parcel] = stage.booked(booking.shipmentId);
    stage.carrier.move(parcel?.shipmentId ?? "", "picked_up", { times: 0 });
    await track(booking, stage.scene());
    expect(await seal(booking, stage.scene())).toMatchObject({ carrier: "swift" });
  });

  it("of labels and other choices at once one wins: the label's carrier is the parcel's", async () => {
    const { booking } = await stage.confirmed();
    const { orderId } = booking;
    await book(booking, stage.scene());
    const heron = { orderId, accountId: SELLER, carrier: "heron", service: "standard" };
    const ends = await Promise.allSettled([seal(booking, stage.scene()), repick(heron, stage.scene())]);
    expect(ends.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  it("makes one label, the same in every repeat; the lines bear the shipment", async () => {
    const { booking, order } = await stage.confirmed();
    await book(booking, stage.scene());
    const answers = await Promise.all(CROWD.map(() => seal(booking, stage.scene())));
    for (const { lines } of answers) expect(lines).toHaveLength(2);
    expect(new Set(answers.map(({ version }) => version)).size).toBe(1);
    const borne = { state: "confirmed", shipmentId: booking.shipmentId };
    expect(await stage.lines(order)).toEqual([borne, borne]);
    const [parcel] = await stage.database.db.execute(
      sql`select state from "order".parcel where order_id = ${order.orderId}`,
    );
    expect(parcel).toEqual({ state: "sealed" });
  });

  it("a parcel of which nothing is left has no label (PARCEL_EMPTY)", async () => {
    const { booking, order } = await stage.confirmed();
    await book(booking, stage.scene());
    await stage.database.db.execute(
      sql`update "order".checkout_line set state = 'refunded' where order_id = ${order.orderId}`,
    );
    await expect(seal(booking, stage.scene())).rejects.toMatchObject({ code: "PARCEL_EMPTY" });
  });

  it("what was not booked has no label (SHIPMENT_WITHDRAWN)", async () => {
    const { booking, order } = await stage.confirmed();
    await expect(seal(booking, stage.scene())).rejects.toMatchObject({ code: "SHIPMENT_WITHDRAWN" });
    expect(order.lineIds).toHaveLength(2);
    await expect(
      cancel({ orderId: order.orderId, accountId: order.buyerId }, stage.scene()),
    ).rejects.toMatchObject({ code: "LINES_DECIDED" });
  });
});

describe("Shipment/label and Shipment/list", () => {
  const as = (accountId: string) => sceneOf(stage.database.db, asAccount(accountId));

  it("a real PDF for the seller alone; to anybody else there is none (SHIPMENT_UNKNOWN)", async () => {
    const { booking, order } = await stage.confirmed();
    const { shipmentId } = booking;
    await book(booking, stage.scene());
    await expect(label({ shipmentId }, as(SELLER))).rejects.toMatchObject({ code: "SHIPMENT_UNKNOWN" });
    await seal(booking, stage.scene());
    const { pdf, trackingId } = await label({ shipmentId }, as(SELLER));
    expect(trackingId).toBe(stage.booked(shipmentId)[0]?.trackingId);
    expect(Buffer.from(pdf, "base64").subarray(0, 5).toString()).toBe("%PDF-");
    for (const accountId of [order.buyerId, freshId("acc")])
      await expect(label({ shipmentId }, as(accountId))).rejects.toMatchObject({ code: "SHIPMENT_UNKNOWN" });
  });

  it("buyer and seller see where the parcels are; nobody else does (SHIPMENT_UNKNOWN)", async () => {
    const { booking, order } = await stage.confirmed();
    const { orderId } = order;
    await book(booking, stage.scene());
    for (const accountId of [order.buyerId, SELLER])
      expect(await list({ orderId }, as(accountId))).toMatchObject({
        parcels: [{ state: "waiting", lineIds: order.lineIds }],
        shipments: [{ shipmentId: booking.shipmentId, state: "booked" }],
      });
    for (const ask of [{ orderId }, { orderId: freshId("ord") }])
      await expect(list(ask, as(freshId("acc")))).rejects.toMatchObject({ code: "SHIPMENT_UNKNOWN" });
  });
});

describe("Shipment/offer", () => {
  const to = { addressId: freshId("adr"), ...ADDRESS };
  const group = { sellerId: SELLER, from: null, to, parcel: [{ weightGrams: 2_500, sizeMm: null }] };
  const ask = (change: object = {}) => ({ currency: "USD", groups: [{ ...group, ...change }] });

  it("who would carry it, by weight, cheapest first; nobody where nobody goes, or nobody answers", async () => {
    const { groups } = await offer(ask(), stage.scene());
    const minors = groups[0]?.options.map(({ price }) => price.minor) ?? [];
    expect(minors).toEqual(minors.toSorted((a, b) => a - b));
    expect(minors[0]).toBe(Math.round((400 + 3 * 150) * 0.7));
    expect((await offer(ask({ to: { ...to, country: "ZZ" } }), stage.scene())).groups[0]?.options).toEqual(
      [],
    );
    for (const name of ["swift", "heron", "turtle"] as const) stage.carrier.setTrouble(name, { down: true });
    expect((await offer(ask(), stage.scene())).groups[0]?.options).toEqual([]);
    for (const name of ["swift", "heron", "turtle"] as const) stage.carrier.setTrouble(name, { down: false });
  });

  it("where a shop has no carriers sellers do it for nothing", async () => {
    expect((await offer(ask(), stage.alone())).groups).toEqual([
      {
        sellerId: SELLER,
        options: [{ carrier: "own", service: "standard", price: { minor: 0, currency: "USD" }, days: 0 }],
      },
    ]);
  });
});
