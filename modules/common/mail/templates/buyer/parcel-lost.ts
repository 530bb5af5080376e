import { fact, list, look, say, type Template } from "../_kit/draft.ts";

export const parcelLost: Template<"parcel_lost"> = ({ orderId, items, trackingId, link }) => ({
  subject: "Your parcel is lost",
  parts: [
    say("The carrier cannot find this parcel. You get the money for these goods back the way you paid."),
    list(items),
    fact("Tracking number", trackingId),
    fact("Order", orderId),
    ...look("See the order", link),
  ],
});
