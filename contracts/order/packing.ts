/** Parcels that wait for their carrier, as rows: who carries, what is in the way, when it is tried again. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { refusals } from "../_kit/refusal.ts";
import { Pieces } from "../_kit/word.ts";
import { CarrierChoice, CarrierName, ParcelTrouble, ParcelView, ServiceName } from "./carriage.ts";
import { LineRefusals } from "./line.ts";

export const PackingRefusals = refusals({
  NOTHING_WAITS: { status: 409, says: "No parcel of this order waits for a carrier." },
});
const { NOTHING_WAITS } = PackingRefusals;
const { LINE_UNKNOWN } = LineRefusals;

export const Packing = service("Packing", {
  /** How a parcel is to be sent by now: its lines that still count, and the booking that this choice makes.
   *  Gives    isOver: nothing of it is to be sent (any more); isDisputed: the buyer's bank has to decide first;
   *           tries: how often it met trouble, for postpone */
  choose: read(
    z.strictObject({ parcelId: id("par") }),
    z.object({
      isOver: z.boolean(),
      isDisputed: z.boolean(),
      orderId: id("ord"),
      buyerId: id("acc"),
      sellerId: id("acc"),
      shipmentId: id("shp"),
      carrier: CarrierName,
      service: ServiceName,
      choice: z.int(),
      tries: z.int(),
      lines: z.array(z.object({ lineId: id("lin"), skuId: id("sku"), title: z.string(), pieces: Pieces })),
    }),
    { who: "module" },
  ),

  /** Writes down why a parcel cannot leave now, once a spell on the timeline, and when it is tried again: ever later.
   *  Takes    choice and tries, as chosen; `undone`: it is not tried again
   *  Gives    waitMs; isNew: this trouble has just begun
   *  Repeats  same tries: nothing changes */
  postpone: step(
    z.strictObject({
      parcelId: id("par"),
      choice: z.int(),
      tries: z.int().min(0),
      trouble: ParcelTrouble,
      reason: z.string().max(300),
    }),
    z.object({ waitMs: z.int().min(0).nullable(), isNew: z.boolean() }),
    { who: "module" },
  ),

  /** The seller sends what waits by another carrier.
   *  Gives    the parcels of the order; changed: those that have another choice now, with the one before
   *  Refuses  LINE_UNKNOWN for somebody else's order, NOTHING_WAITS
   *  Repeats  the same carrier: nothing changes */
  repick: step(
    z.strictObject({ orderId: id("ord"), accountId: id("acc"), ...CarrierChoice.shape }),
    z.object({
      parcels: z.array(ParcelView),
      changed: z.array(z.object({ parcelId: id("par"), choice: z.int() })),
    }),
    { who: "module", refuses: [LINE_UNKNOWN, NOTHING_WAITS] },
  ),
});
