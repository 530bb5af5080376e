/** The carriers of this deployment: one API that speaks for many, or none: then sellers bring the goods themselves. */
import { OWN_CARRIER } from "@shopnexus/contracts/order/carriage";
import { sha256 } from "#modules/_kit/derive.ts";
import type { Settings } from "#modules/_kit/settings.ts";
import type { Carrier } from "./port.ts";
import { openRest } from "./rest.ts";

export const carrierOf = ({ carrier }: Settings): Carrier =>
  carrier === undefined ? own : openRest(carrier);

/** A tracking id like any other, so that people can name a parcel; it follows from the shipment. */
const trackingIdOf = (shipmentId: string): string =>
  `OWN${String(Number.parseInt(sha256(shipmentId).slice(0, 10), 16)).padStart(13, "0")}`;

const reportOf = (shipmentId: string) => ({ ref: `own/${shipmentId}`, trackingId: trackingIdOf(shipmentId) });

/** Nobody to ask, and nobody whose word could be forged. */
const own: Carrier = {
  quote: async ({ currency }) => [{ ...OWN_CARRIER, price: { minor: 0, currency }, days: 0 }],
  book: async ({ shipmentId, currency }) => ({
    state: "booked",
    price: { minor: 0, currency },
    ...reportOf(shipmentId),
  }),
  cancel: async ({ shipmentId }) => ({ ...reportOf(shipmentId), state: "cancelled" }),
  report: async () => undefined,
  event: () => undefined,
};
