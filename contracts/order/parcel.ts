/** From the seller's confirmation to a parcel that is booked, labelled and paid for; or to nothing. One run a parcel. */
import { z } from "zod";
import { op, run, workflow } from "../_kit/contract.ts";
import { Done, Nothing } from "../_kit/word.ts";
import { SerialRefusals } from "../inventory/serial.ts";
import { ShipmentRefusals } from "./shipment.ts";

const { SHIPMENT_WITHDRAWN, PARCEL_EMPTY } = ShipmentRefusals;

export const Parcel = workflow("Parcel", {
  /** Takes serial numbers, books the carrier for as long as that takes, makes the label, pays for carriage, tells the buyer.
   *  Takes    the key: the parcel's id
   *  Gives    nothing: whoever knows its key can read a workflow's result at the ingress
   *  Refuses  PARCEL_EMPTY (its lines were cancelled meanwhile), SHIPMENT_WITHDRAWN, SERIALS_GONE
   *  Source   README, the table of pairs */
  run: run(Nothing, Done, {
    who: "module",
    refuses: [PARCEL_EMPTY, SHIPMENT_WITHDRAWN, SerialRefusals.SERIALS_GONE],
  }),

  /** There is another carrier: the run looks again.
   *  Takes    choice, the one that is no more
   *  Repeats  nothing changes */
  changed: op(z.strictObject({ choice: z.int() }), Done, { who: "module" }),
});
