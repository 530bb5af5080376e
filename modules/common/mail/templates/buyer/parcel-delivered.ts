import { fact, list, look, say, type Template } from "../_kit/draft.ts";
import { timeOf } from "../_kit/words.ts";

export const parcelDelivered: Template<"parcel_delivered"> = ({ orderId, items, claimUntil, link }) => ({
  subject: "Your parcel was delivered",
  parts: [
    say("The carrier says that these goods have reached you."),
    list(items),
    say(`Is something wrong with them, or are they not there? Tell us until ${timeOf(claimUntil)}.`),
    fact("Order", orderId),
    ...look("See the order", link),
  ],
});
