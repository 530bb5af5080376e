/** Parcels at carriers: what they would cost, their bookings, labels, and where they are. Only the carrier's word moves one. */
import { z } from "zod";
import { Address, AddressBookRefusals } from "../account/address-book.ts";
import { ListingRefusals } from "../catalog/listing.ts";
import { ExchangeRefusals } from "../common/exchange.ts";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Currency } from "../_kit/money.ts";
import { refusals } from "../_kit/refusal.ts";
import { Done, Pieces } from "../_kit/word.ts";
import {
  Booking,
  CarrierName,
  CarrierOption,
  Packed,
  ParcelView,
  ServiceName,
  ShipmentState,
  ShipmentView,
} from "./carriage.ts";
import { LineIds, LineRefusals, Standing } from "./line.ts";

export const QUOTE_LINE_COUNT_MAX = 100;

const hasDistinctSkus = (lines: readonly { readonly skuId: string }[]): boolean =>
  new Set(lines.map(({ skuId }) => skuId)).size === lines.length;

export const ShipmentRefusals = refusals({
  SHIPMENT_WITHDRAWN: { status: 409, says: "This booking was called off." },
  PARCEL_EMPTY: { status: 409, says: "Nothing of this parcel is to be sent any more." },
  PARCEL_REPICKED: { status: 409, says: "The seller sends this parcel by another carrier." },
  SHIPMENT_UNKNOWN: { status: 404, says: "There is no such parcel, or it has no label yet." },
  SHIPMENT_FORGED: { status: 400, says: "This event is not signed by the carrier." },
  CARRIER_SPEAKS: { status: 409, says: "The carrier itself says where these parcels are." },
});
const { SHIPMENT_WITHDRAWN, PARCEL_EMPTY, PARCEL_REPICKED } = ShipmentRefusals;
const { SHIPMENT_UNKNOWN, SHIPMENT_FORGED, CARRIER_SPEAKS } = ShipmentRefusals;
const { LINE_UNKNOWN, LINES_DECIDED } = LineRefusals;
const { ADDRESS_UNKNOWN } = AddressBookRefusals;
const { SKU_UNAVAILABLE } = ListingRefusals;
const { RATE_UNAVAILABLE } = ExchangeRefusals;

const ShipmentRef = z.strictObject({ shipmentId: id("shp") });
const Groups = z.object({
  groups: z.array(z.object({ sellerId: id("acc"), options: z.array(CarrierOption) })),
});

export const Shipment = service("Shipment", {
  /** Who would carry the parcel of each seller, cheapest first. Where a shop has no carriers: sellers do it, for nothing.
   *  Takes    from: null where the seller has no address; parcel: one entry a line
   *  Gives    options in any currency; none where nobody goes there, or no carrier answers now */
  offer: read(
    z.strictObject({
      currency: Currency,
      groups: z
        .array(
          z.strictObject({
            sellerId: id("acc"),
            from: Address.nullable(),
            to: Address,
            parcel: z.array(Packed).min(1).max(QUOTE_LINE_COUNT_MAX),
          }),
        )
        .min(1)
        .max(QUOTE_LINE_COUNT_MAX),
    }),
    Groups,
    { who: "module" },
  ),

  /** What it would cost to send some items to an address of the caller's, seller by seller, in the currency asked for.
   *  Takes    1 to 100 lines with distinct SKUs
   *  Gives    options, cheapest first; none where nobody goes there, or no carrier answers now
   *  Refuses  ADDRESS_UNKNOWN, SKU_UNAVAILABLE, RATE_UNAVAILABLE
   *  Repeats  asks again */
  quote: op(
    z.strictObject({
      addressId: id("adr"),
      currency: Currency,
      lines: z
        .array(z.strictObject({ skuId: id("sku"), pieces: Pieces }))
        .min(1)
        .max(QUOTE_LINE_COUNT_MAX)
        .refine(hasDistinctSkus, "must name each SKU once"),
    }),
    Groups,
    {
      who: "account",
      refuses: [ADDRESS_UNKNOWN, SKU_UNAVAILABLE, RATE_UNAVAILABLE],
      http: "POST /shipping-quotes",
    },
  ),

  /** Books a parcel at its carrier; the booking's key there is the shipment's id. From the seller to the buyer, or back.
   *  Gives    down: nobody answers, ask again; refused: the carrier does not take it, and says why
   *  Refuses  SHIPMENT_WITHDRAWN (its unbook came first)
   *  Repeats  same shipmentId: the same booking
   *  Undo     unbook */
  book: step(
    Booking,
    z.object({
      state: z.enum(["booked", "down", "refused"]),
      trackingId: z.string().nullable(),
      reason: z.string(),
    }),
    { who: "module", undo: "unbook", refuses: [SHIPMENT_WITHDRAWN] },
  ),

  /** Calls a booking off, also one whose answer was lost. Of one that never was it leaves a tombstone: a late book refuses.
   *  Gives    cancelled; withdrawing: the carrier does not answer, ask again; any other state: it is on its way
   *  Repeats  asks again while it is withdrawing */
  unbook: step(ShipmentRef, z.object({ state: ShipmentState }), { who: "module" }),

  /** Makes the label; from here on the parcel is the carrier's to fetch, and its lines bear the shipment. Nothing undoes it.
   *  Gives    the lines that are in it, and the version of the order that this changed
   *  Refuses  SHIPMENT_WITHDRAWN, PARCEL_EMPTY, PARCEL_REPICKED (unless the carrier has fetched it already)
   *  Repeats  the same label */
  seal: step(
    ShipmentRef,
    z.object({
      orderId: id("ord"),
      version: z.int(),
      trackingId: z.string(),
      carrier: CarrierName,
      service: ServiceName,
      lines: z.array(z.object({ lineId: id("lin"), title: z.string(), pieces: Pieces })),
    }),
    { who: "module", refuses: [SHIPMENT_WITHDRAWN, PARCEL_EMPTY, PARCEL_REPICKED] },
  ),

  /** Takes an event from the carriers: the signature is its proof, the raw text is kept before anything is done.
   *  Takes    payload: the body as it came; signature: the header as it came, of five minutes ago at most
   *  Refuses  SHIPMENT_FORGED
   *  Repeats  same event: nothing changes */
  receive: op(
    z.strictObject({ payload: z.string().min(2).max(100_000), signature: z.string().max(2_000) }),
    Done,
    {
      who: "anyone",
      refuses: [SHIPMENT_FORGED],
    },
  ),

  /** Verifies an event, keeps it, and lets the parcel and its lines follow it; forward only.
   *  Gives    moved: of which order or refund something has changed, and on which version of the order
   *  Refuses  SHIPMENT_FORGED
   *  Repeats  same event: nothing changes, the same answer */
  record: step(
    z.strictObject({ payload: z.string().max(100_000), signature: z.string().max(2_000) }),
    z.object({
      moved: z.object({ orderId: id("ord"), refundId: id("rfd").nullable(), version: z.int() }).nullable(),
    }),
    { who: "module", refuses: [SHIPMENT_FORGED] },
  ),

  /** Asks the carrier where a parcel is, and writes down what it says.
   *  Gives    the state; as it was, when the carrier does not answer
   *  Repeats  asks again */
  track: step(ShipmentRef, z.object({ state: ShipmentState }), { who: "module" }),

  /** The seller has handed parcels over, where a shop has no carriers.
   *  Takes    lineIds: all that wait when absent; isDelivered: the buyer has them
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED, CARRIER_SPEAKS
   *  Repeats  nothing changes */
  handOver: step(
    z.strictObject({
      orderId: id("ord"),
      accountId: id("acc"),
      lineIds: LineIds.optional(),
      isDelivered: z.boolean(),
    }),
    Standing,
    { who: "module", refuses: [LINE_UNKNOWN, LINES_DECIDED, CARRIER_SPEAKS] },
  ),

  /** One shipment.
   *  Gives    null for one that never was booked */
  read: read(ShipmentRef, z.object({ shipment: ShipmentView.nullable() }), { who: "module" }),

  /** The parcels of an order and where they are, for its buyer and its seller.
   *  Refuses  SHIPMENT_UNKNOWN for anybody else's */
  list: read(
    z.strictObject({ orderId: id("ord") }),
    z.object({ parcels: z.array(ParcelView), shipments: z.array(ShipmentView) }),
    { who: "account", refuses: [SHIPMENT_UNKNOWN], http: "GET /orders/{orderId}/shipments" },
  ),

  /** What is glued on the parcel, for whoever sends it: a PDF, in base64.
   *  Refuses  SHIPMENT_UNKNOWN, also for anybody else's */
  label: read(ShipmentRef, z.object({ trackingId: z.string(), pdf: z.string() }), {
    who: "account",
    refuses: [SHIPMENT_UNKNOWN],
    http: "GET /shipments/{shipmentId}/label",
  }),
});
