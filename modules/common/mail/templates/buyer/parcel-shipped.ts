import { fact, list, look, type Template } from "../_kit/draft.ts";

export const parcelShipped: Template<"parcel_shipped"> = ({ orderId, items, carrier, trackingId, link }) => ({
  subject: "Your parcel is on its way",
  parts: [
    list(items),
    fact("Carrier", carrier),
    fact("Tracking number", trackingId),
    fact("Order", orderId),
    ...look("Follow the parcel", link),
  ],
});
