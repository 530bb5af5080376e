/** What becomes of a line when nobody does anything, and when. The same judgement plans a duty, does it, and is shown to people. */
import type { LineReason, NextAction } from "@shopnexus/contracts/order/line";
import type { z } from "zod";
import type { Deadlines } from "#modules/_kit/deadlines.ts";
import type { LineRow } from "../line/rows.ts";
import type { ParcelRow, ShipmentRow } from "./parcels.ts";

export type LineFacts = LineRow;
export type ShipmentFacts = Pick<ShipmentRow, "shipmentId" | "state" | "lookAt" | "carrier" | "trackingId">;
export type ParcelFacts = Pick<ParcelRow, "parcelId" | "lineIds" | "state" | "tryAt">;

/** All that is known of an order at one moment. */
export type Books = {
  readonly orderId: string;
  readonly version: number;
  readonly openChargebacks: number;
  readonly lines: readonly LineFacts[];
  readonly parcels: readonly ParcelFacts[];
  readonly shipments: readonly ShipmentFacts[];
  readonly notes: ReadonlySet<string>;
  readonly now: Date;
  readonly deadlines: Deadlines;
};

type Clock = Pick<Books, "shipments" | "now" | "deadlines">;

export const shipmentOf = (
  line: LineFacts,
  { shipments }: Pick<Books, "shipments">,
): ShipmentFacts | undefined => shipments.find(({ shipmentId }) => shipmentId === line.shipmentId);

/** When a line is given up, if nothing happens before. Carriers are given the time twice: operators are told in between. */
export const lineEndMs = (line: LineFacts, { deadlines }: Pick<Books, "deadlines">): number | null => {
  if (line.dueAt === null) return null;
  const dueMs = line.dueAt.getTime();
  if (line.state === "paid" || line.state === "backordered") return dueMs;
  if (line.state === "confirmed") return dueMs + deadlines.handoverMs;
  return line.state === "shipped" ? dueMs + deadlines.transitMs : null;
};

export type Fate = { readonly event: "expire" | "lose"; readonly reason: LineReason };

/** What has become of a line by now because nobody took care of it; undefined while somebody still may. */
export const fateOf = (line: LineFacts, clock: Clock): Fate | undefined => {
  const { state } = line;
  const parcel = shipmentOf(line, clock)?.state;
  if (state === "confirmed" || state === "shipped") {
    if (parcel === "lost") return { event: "lose", reason: "parcel_lost" };
    if (parcel === "returned") return { event: "lose", reason: "parcel_returned" };
  }
  const endMs = lineEndMs(line, clock);
  if (endMs === null || endMs > clock.now.getTime()) return undefined;
  if (state === "paid") return { event: "expire", reason: "seller_silent" };
  if (state === "backordered") return { event: "expire", reason: "stock_never_came" };
  if (state === "shipped") return { event: "lose", reason: "parcel_lost" };
  // What a carrier may still fetch is called off first.
  return parcel === undefined || parcel === "cancelled"
    ? { event: "expire", reason: "carrier_silent" }
    : undefined;
};

/** Pieces of a line that can be sold again; a lost parcel's cannot. */
export const piecesToSell = ({ reason, pieces, piecesBack }: LineFacts): number =>
  reason === "parcel_lost" ? 0 : pieces - piecesBack;

/** A line came to nothing, and its buyer or the stock still waits for what was taken. */
export const isOwed = (line: LineFacts): boolean =>
  (line.state === "rejected" || line.state === "cancelled") &&
  (line.paidMinor > line.returnedMinor || piecesToSell(line) > 0);

/** There is money in escrow that becomes the seller's: at the end of the window, or after it, when a bank gave it back. */
export const isPayable = ({ state, escrowMinor, totalMinor, releasedMinor }: LineFacts): boolean =>
  state === "delivered" || (state === "fulfilled" && escrowMinor > 0 && totalMinor > releasedMinor);

type Next = { readonly action: z.infer<typeof NextAction>; readonly at: Date | null };

/** What happens of itself next, for people. */
export const nextOf = (line: LineFacts, books: Clock & Pick<Books, "parcels">): Next => {
  const { state, dueAt, lineId } = line;
  const isLate = dueAt !== null && dueAt <= books.now;
  const endMs = lineEndMs(line, books);
  const end = endMs === null ? null : new Date(endMs);
  switch (state) {
    case "awaiting_payment":
      return { action: "undo_checkout", at: null };
    case "paid":
    case "backordered":
      return { action: "cancel_and_refund", at: dueAt };
    case "confirmed": {
      const waiting = books.parcels.find((one) => one.state === "waiting" && one.lineIds.includes(lineId));
      if (line.shipmentId === null && waiting?.tryAt) return { action: "book_carrier", at: waiting.tryAt };
      return isLate ? { action: "cancel_and_refund", at: end } : { action: "escalate_handover", at: dueAt };
    }
    case "shipped":
      return isLate ? { action: "count_as_lost", at: end } : { action: "escalate_transit", at: dueAt };
    case "delivered":
      return { action: "pay_seller", at: dueAt };
    case "refunding":
      return { action: "resolve_claim", at: dueAt };
    default:
      return { action: "nothing", at: null };
  }
};
