import { randomInt } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { newId } from "../money/shapes.ts";
import { JsonRefusal, read } from "../wire/json.ts";
import { isServed, OFFERS, type Offer } from "./carriers.ts";
import type { Operation } from "./gate.ts";
import { shipmentOf, viewOf } from "./look.ts";
import { type Booking, booking, type Shipment } from "./shapes.ts";
import { priceOf } from "./tariff.ts";
import type { CarrierWorld } from "./world.ts";

const KEY_LENGTH_MAX = 255;

/** Books a parcel once a key. What was refused is not remembered: the same key may come again with it. */
export const book: Operation = ({ world, body, key }) => {
  if (key === undefined || key === "" || key.length > KEY_LENGTH_MAX) {
    throw new JsonRefusal(400, "idempotency_key_required", "A booking needs an Idempotency-Key.");
  }
  const asked = read(booking, body);
  const earlier = world.keys.get(key);
  if (earlier !== undefined) return again(world, earlier, asked);
  const shipment = newShipment(world, asked, offerFor(world, asked));
  world.shipments.put(shipment);
  world.keys.put({ id: key, booking: asked, shipmentId: shipment.shipmentId });
  world.onMoved(shipment);
  return { status: 201, body: viewOf(shipment) };
};

const again = (
  world: CarrierWorld,
  earlier: { booking: Booking; shipmentId: string },
  asked: Booking,
): ReturnType<Operation> => {
  if (!isDeepStrictEqual(earlier.booking, asked)) {
    throw new JsonRefusal(
      409,
      "idempotency_key_reused",
      "Another booking came with this Idempotency-Key before.",
    );
  }
  const body = viewOf(shipmentOf(world, earlier.shipmentId));
  return { status: 201, body, headers: { "idempotent-replayed": "true" } };
};

const offerFor = ({ troubles }: CarrierWorld, { carrier, service, from, to }: Booking): Offer => {
  const offer = OFFERS.find((one) => one.carrier === carrier && one.service === service);
  if (offer === undefined || !isServed(from, to)) {
    throw new JsonRefusal(422, "not_served", `${carrier} has no ${service} service from here to there.`);
  }
  const trouble = troubles.get(offer.carrier);
  if (trouble?.isDown === true) throw new JsonRefusal(503, "carrier_down", `${carrier} does not answer.`);
  if (trouble?.refuses === true) {
    throw new JsonRefusal(422, "carrier_refused", `${carrier} does not take this parcel.`);
  }
  return offer;
};

const newShipment = (
  world: CarrierWorld,
  { currency, ...asked }: Booking,
  { basisPoints }: Offer,
): Shipment => {
  const shipmentId = newId("shp");
  const createdAt = new Date(world.now()).toISOString();
  return {
    id: shipmentId,
    shipmentId,
    trackingId: newTrackingId(asked.carrier),
    ...asked,
    price: priceOf(world.tariff, { parcel: asked.parcel, basisPoints, currency }),
    status: "booked",
    createdAt,
    history: [{ status: "booked", at: createdAt }],
  };
};

const DIGITS_MAX = 10 ** 12;

/** Short enough for a barcode: `SW` and twelve digits. */
const newTrackingId = (carrier: string): string =>
  `${carrier.slice(0, 2).toUpperCase()}${String(randomInt(DIGITS_MAX)).padStart(12, "0")}`;
