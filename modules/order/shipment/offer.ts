import type { Shipment } from "@shopnexus/contracts/order/shipment";
import type { Step } from "#modules/_kit/handler.ts";
import { carrierOf } from "./carrier/carriers.ts";
import { boxOf, placeOf } from "./rules.ts";

export const offer: Step<typeof Shipment, "offer"> = async ({ currency, groups }, { settings }) => {
  const carrier = carrierOf(settings);
  return {
    groups: await Promise.all(
      groups.map(async ({ sellerId, from, to, parcel }) => {
        const { addressId: _, ...place } = to;
        const route = { from: placeOf(from), to: place, box: boxOf(parcel), currency };
        return { sellerId, options: (await carrier.quote(route)) ?? [] };
      }),
    ),
  };
};
