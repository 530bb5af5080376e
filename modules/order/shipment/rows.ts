/** SQL that the verbs of Shipment share: what is in a booking, what its carrier has said, and how people see it. */
import { and, asc, eq, inArray } from "drizzle-orm";
import type { Address } from "@shopnexus/contracts/account/address-book";
import { OWN_CARRIER, type ShipmentState, type ShipmentView } from "@shopnexus/contracts/order/carriage";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Db, Tx } from "#db/_kit/database.ts";
import { shipment } from "#db/order/shipments.ts";
import { checkout, checkoutLine, order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Deadlines } from "#modules/_kit/deadlines.ts";
import { forwardShipment, planParcel, type ShipmentRow } from "../_kit/parcels.ts";
import { after, type Change, countChange, type LineRow, lockOrder, moveLines } from "../line/rows.ts";
import { itemsOf } from "../line/rules.ts";
import { tell } from "../order/rows.ts";
import type { TimelineFact } from "../order/rules.ts";
import type { CarrierReport } from "./carrier/port.ts";
import { eventOf, isTracked } from "./rules.ts";

export type Cargo = {
  readonly head: typeof order.$inferSelect;
  readonly address: Address;
  readonly lines: readonly LineRow[];
};

/** The lines of a booking, with where their order goes. Leans on the primary keys. */
export const cargoOf = async (
  tx: Tx | Db,
  { orderId, lineIds }: { orderId: string; lineIds: readonly string[] },
): Promise<Cargo> => {
  const [found] = await tx
    .select({ head: order, address: checkout.address })
    .from(order)
    .innerJoin(checkout, eq(checkout.checkoutId, order.checkoutId))
    .where(eq(order.orderId, orderId));
  assert(found?.address, "a placed order has an address");
  const lines = await tx
    .select()
    .from(checkoutLine)
    .where(and(eq(checkoutLine.orderId, orderId), inArray(checkoutLine.lineId, [...lineIds])))
    .orderBy(asc(checkoutLine.position));
  return { head: found.head, address: found.address, lines };
};

/** The carrier is asked after a parcel that nothing was heard of for so long. */
export const lookLater = (
  { state, carrier }: Pick<ShipmentRow, "state" | "carrier">,
  deadlines: Deadlines,
): { lookAt: ReturnType<typeof after> | null } => ({
  lookAt: isTracked(state) && carrier !== OWN_CARRIER.carrier ? after(deadlines.trackMs) : null,
});

/** What people are told of each state; the others are between the carrier and the shop. */
const FACTS: Partial<Record<ShipmentState, TimelineFact>> = {
  picked_up: "parcel_shipped",
  in_transit: "parcel_shipped",
  out_for_delivery: "parcel_shipped",
  failed_attempt: "parcel_shipped",
  delivered: "parcel_delivered",
  cancelled: "parcel_called_off",
};

export type Moved = { readonly orderId: string; readonly refundId: string | null; readonly version: number };

/**
 * Lets a booking follow what its carrier says, and its lines follow it; undefined where that is nothing new. The order
 * is locked first, as everybody does who changes lines.
 */
export const follow = async (
  tx: Tx,
  known: ShipmentRow,
  { report, deadlines }: { report: CarrierReport; deadlines: Deadlines },
): Promise<Moved | undefined> => {
  const { shipmentId, orderId, refundId, kind } = known;
  const { state, ref: carrierRef, trackingId } = report;
  // Another booking under our name, or a word that we do not know.
  const isOther = known.carrierRef !== null && known.carrierRef !== carrierRef;
  if (state === undefined || orderId === null || isOther) return undefined;
  const held = await lockOrder(tx, orderId);
  assert(held !== undefined, "a booking is of an order");
  const [before] = await tx.select().from(shipment).where(eq(shipment.shipmentId, shipmentId)).for("update");
  const moved = await forwardShipment(tx, { shipmentId, state }, { carrierRef, trackingId });
  if (before === undefined) return undefined;
  await tx
    .update(shipment)
    .set(lookLater(moved ?? before, deadlines))
    .where(eq(shipment.shipmentId, shipmentId));
  if (moved === undefined) return undefined;
  if (kind === "return") return { orderId, refundId, version: held.head.version };
  const own = held.lines.filter(({ lineId }) => moved.lineIds?.includes(lineId));
  const touched = await followLines(tx, { moved, own, deadlines });
  await tellMove(tx, held, { before, moved, own });
  const isRecalled = state === "cancelled" && before.state === "booked" && moved.sealedAt !== null;
  const left = own.filter((line) => line.state === "confirmed" && line.shipmentId === shipmentId);
  if (isRecalled && left.length > 0) await planAnew(tx, { head: held.head, lines: left, moved });
  const isNews = touched || eventOf(state) === "lose" || state === "cancelled";
  if (!isNews) return undefined;
  return { orderId, refundId: null, version: (await countChange(tx, orderId)).before };
};

type Held = NonNullable<Awaited<ReturnType<typeof lockOrder>>>;
type Move = { before: ShipmentRow; moved: ShipmentRow; own: readonly LineRow[] };

const tellMove = async (tx: Tx, { head, lines }: Held, { before, moved, own }: Move): Promise<void> => {
  const isOurs = moved.state === "cancelled" && before.state !== "booked";
  const what = before.state === "lost" ? "parcel_found" : FACTS[moved.state];
  if (what === undefined || isOurs) return;
  const detail = [moved.trackingId ?? "", itemsOf(own, lines)].filter((part) => part !== "").join(", ");
  await tell(tx, head.checkoutId, { what, detail, orderId: head.orderId });
};

type Step = { moved: ShipmentRow; own: readonly LineRow[]; deadlines: Deadlines };

/** Fetched or delivered; what is lost or came back is for the order's run, which gives the money back. */
const followLines = async (tx: Tx, { moved, own, deadlines }: Step): Promise<boolean> => {
  const { shipmentId } = moved;
  const event = eventOf(moved.state);
  if (event !== "ship" && event !== "deliver") return false;
  const change: Change =
    event === "ship"
      ? { shipmentId, dueAt: after(deadlines.transitMs) }
      : { shipmentId, dueAt: after(deadlines.escrowMs), claimUntil: after(deadlines.claimMs) };
  // A claim keeps its own deadline on the line.
  const claimed = own.filter(({ state }) => state === "refunding");
  const others = own.filter(({ state }) => state !== "refunding");
  for (const [dueAt, lines] of Map.groupBy(claimed, (line) => line.dueAt))
    await moveLines(tx, lines, { event, ...change, dueAt });
  const movedIds = await moveLines(tx, others, { event, ...change });
  return movedIds.length > 0 || (claimed.length > 0 && event === "deliver");
};

type Again = { head: Cargo["head"]; lines: readonly LineRow[]; moved: ShipmentRow };

/** The carrier called it off: its lines wait for a booking again, by the same carrier unless the seller says otherwise. */
const planAnew = async (tx: Tx, { head, lines, moved }: Again): Promise<void> => {
  const ids = lines.map(({ lineId }) => lineId);
  await tx.update(checkoutLine).set({ shipmentId: null }).where(inArray(checkoutLine.lineId, ids));
  const { carrier, service } = moved;
  assert(carrier !== null && service !== null, "what was booked had a carrier");
  await planParcel(tx, head, { lines, choice: { carrier, service } });
};

/** As people see it; a tombstone is nothing to see. */
export const shipmentView = (row: ShipmentRow): ShipmentView[] =>
  row.orderId === null || row.kind === null || row.carrier === null || row.service === null
    ? []
    : [
        {
          shipmentId: row.shipmentId,
          orderId: row.orderId,
          kind: row.kind,
          lineIds: [...(row.lineIds ?? [])],
          carrier: row.carrier,
          service: row.service,
          trackingId: row.trackingId,
          state: row.state,
          isSealed: row.sealedAt !== null,
          bookedAt: row.bookedAt && instant(row.bookedAt.getTime()),
          changedAt: instant(row.changedAt.getTime()),
        },
      ];
