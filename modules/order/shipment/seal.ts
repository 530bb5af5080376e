import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Shipment, ShipmentRefusals } from "@shopnexus/contracts/order/shipment";
import type { Tx } from "#db/_kit/database.ts";
import { once } from "#db/_kit/once.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { parcel, shipment, shipmentLabel } from "#db/order/shipments.ts";
import { checkoutLine } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import type { Settings } from "#modules/_kit/settings.ts";
import { findShipment, type ShipmentRow } from "../_kit/parcels.ts";
import { after, countChange, type LineRow, lockOrder } from "../line/rows.ts";
import { isConfirmed } from "../line/rules.ts";
import { tell } from "../order/rows.ts";
import { printPdf } from "./printer/pdf.ts";
import { cargoOf } from "./rows.ts";
import { boxOf, isBooked, packedOf, placeOf } from "./rules.ts";

/** The label and what it means for the lines are one transaction: there is no label of a parcel that does not go. */
export const seal: Step<typeof Shipment, "seal"> = async ({ shipmentId }, { db, settings }) => {
  const found = await findShipment(db, shipmentId);
  if (found === undefined || found.orderId === null) throw refuse(ShipmentRefusals.SHIPMENT_WITHDRAWN, {});
  const { orderId } = found;
  return inTransaction(db, async (tx) => {
    const held = await lockOrder(tx, orderId);
    assert(held !== undefined, "a booking is of an order");
    const row = await findShipment(tx, shipmentId);
    if (row === undefined || !isBooked(row.state)) throw refuse(ShipmentRefusals.SHIPMENT_WITHDRAWN, {});
    const own = held.lines.filter(({ lineId }) => row.lineIds?.includes(lineId));
    const lines = row.kind === "return" ? own : own.filter((line) => isToSend(line, shipmentId));
    if (lines.length === 0) throw refuse(ShipmentRefusals.PARCEL_EMPTY, {});
    if (await isRepicked(tx, row)) throw refuse(ShipmentRefusals.PARCEL_REPICKED, {});
    const { trackingId, carrier, service } = row;
    assert(trackingId !== null && carrier !== null && service !== null, "what is booked can be tracked");
    const version =
      row.sealedAt === null && row.kind === "outward" ? held.head.version : held.head.version - 1;
    if (row.sealedAt === null) {
      await print(tx, row, lines);
      if (row.kind === "outward") await handToCarrier(tx, row, { lines, settings });
      await tell(tx, held.head.checkoutId, {
        what: "parcel_booked",
        detail: `${carrier} ${trackingId}`,
        orderId,
      });
    }
    const items = lines.map(({ lineId, title, pieces }) => ({ lineId, title, pieces }));
    return { orderId, version: Math.max(0, version), trackingId, carrier, service, lines: items };
  });
};

/** Lines that were cancelled since are left out; carriers may have fetched a parcel before its label was heard of. */
const isToSend = (line: LineRow, shipmentId: string): boolean =>
  line.shipmentId === shipmentId || (line.shipmentId === null && isConfirmed(line));

/** While the carrier was asked its seller may have chosen another one; the order's lock keeps both decisions apart. */
const isRepicked = async (tx: Tx, row: ShipmentRow): Promise<boolean> => {
  const { parcelId, carrier, service, state, sealedAt } = row;
  if (parcelId === null || state !== "booked" || sealedAt !== null) return false;
  const [wanted] = await tx.select().from(parcel).where(eq(parcel.parcelId, parcelId));
  return wanted !== undefined && (wanted.carrier !== carrier || wanted.service !== service);
};

const print = async (tx: Tx, row: ShipmentRow, lines: readonly LineRow[]): Promise<void> => {
  const { shipmentId, kind, orderId, carrier, service, trackingId } = row;
  assert(orderId && carrier && service && trackingId, "what is booked can be tracked");
  const { head, address } = await cargoOf(tx, { orderId, lineIds: [] });
  const [sellers, buyers] = [placeOf(head.from), placeOf(address)];
  const [from, to] = kind === "return" ? [buyers, sellers] : [sellers, buyers];
  assert(to !== null, "a parcel without an address is refused when it is booked");
  const { weightGrams } = boxOf(lines.map(packedOf));
  const bookedAt = row.bookedAt ?? row.createdAt;
  const label = { carrier, service, trackingId, from, to, orderId, weightGrams, contents: lines, bookedAt };
  const pdf = Buffer.from(await printPdf(label)).toString("base64");
  await once(tx, shipmentLabel, { shipmentId, pdf });
  await tx.update(shipment).set({ sealedAt: sql`now()` }).where(eq(shipment.shipmentId, shipmentId));
};

type Sealing = { readonly lines: readonly LineRow[]; readonly settings: Settings };

/** The carrier's turn begins. */
const handToCarrier = async (tx: Tx, row: ShipmentRow, { lines, settings }: Sealing): Promise<void> => {
  const { shipmentId, parcelId, orderId } = row;
  assert(orderId !== null && parcelId !== null, "an outward booking is of a parcel");
  const ids = lines.map(({ lineId }) => lineId);
  const isFree = or(isNull(checkoutLine.shipmentId), eq(checkoutLine.shipmentId, shipmentId));
  await tx
    .update(checkoutLine)
    .set({ shipmentId })
    .where(and(inArray(checkoutLine.lineId, ids), isFree));
  const isWaiting = and(inArray(checkoutLine.lineId, ids), eq(checkoutLine.state, "confirmed"));
  await tx
    .update(checkoutLine)
    .set({ dueAt: after(settings.deadlines.handoverMs) })
    .where(isWaiting);
  await tx
    .update(parcel)
    .set({ state: "sealed", shipmentId, trouble: null, tryAt: null, changedAt: sql`now()` })
    .where(eq(parcel.parcelId, parcelId));
  await countChange(tx, orderId);
};
