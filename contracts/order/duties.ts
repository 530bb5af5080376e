/** What the shop itself has to do for an order, and when: decided from its rows, by nobody's memory. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Instant } from "../_kit/time.ts";
import { Done, Pieces } from "../_kit/word.ts";
import { LineReason } from "./line.ts";

export const DutyKind = z.enum([
  "remind_first",
  "remind_last",
  "expire",
  "give_back",
  "ship",
  "call_off",
  "track",
  "escalate_handover",
  "escalate_transit",
  "tell_shipped",
  "tell_delivered",
  "release",
]);
export type DutyKind = z.infer<typeof DutyKind>;

/** Something that has to be done now. Each is done once, under `key`; the rest is what doing it needs to know. */
export const Duty = z.object({
  kind: DutyKind,
  key: z.string().max(100),
  lines: z.array(z.object({ lineId: id("lin"), skuId: id("sku"), title: z.string(), pieces: Pieces })),
  reason: LineReason.nullable(),
  note: z.string().nullable(),
  parcelId: id("par").nullable(),
  shipmentId: id("shp").nullable(),
  carrier: z.string().nullable(),
  trackingId: z.string().nullable(),
  /** The deadline that is spoken of. */
  until: Instant.nullable(),
});
export type Duty = z.infer<typeof Duty>;

const OrderRef = { orderId: id("ord") };

export const Duties = service("Duties", {
  /** What has to be done for an order now, and when to look again.
   *  Gives    version: the order's, so that news after it is not missed; isOver when nothing can become of it any more;
   *           waitMs: null when only news can bring more to do
   *  Repeats  as it is by then */
  list: read(
    z.strictObject(OrderRef),
    z.object({
      version: z.int(),
      isOver: z.boolean(),
      buyerId: id("acc"),
      sellerId: id("acc"),
      duties: z.array(Duty),
      waitMs: z.int().min(0).nullable(),
    }),
    { who: "module" },
  ),

  /** Writes down that a duty without other traces is done; an escalation is told on the timeline.
   *  Repeats  nothing changes */
  note: step(
    z.strictObject({ ...OrderRef, key: z.string().max(100), kind: DutyKind, until: Instant.nullable() }),
    Done,
    { who: "module" },
  ),
});
