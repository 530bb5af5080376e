/** Orders as they stand at one moment, made by hand: times are in minutes from the beginning. */
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { DEADLINES } from "#modules/_kit/deadlines.ts";
import type { Books, LineFacts, ParcelFacts, ShipmentFacts } from "../../_kit/fates.ts";

export const DEADLINES_OF_PROOF = {
  ...DEADLINES,
  confirmMs: 100 * MINUTE_MS,
  remindFirstMs: 50 * MINUTE_MS,
  remindLastMs: 10 * MINUTE_MS,
  handoverMs: 200 * MINUTE_MS,
  transitMs: 300 * MINUTE_MS,
};

export const at = (minutes: number): Date => new Date(minutes * MINUTE_MS);

export const idOf = (prefix: string, name: string): string =>
  `${prefix}_${name.charCodeAt(0).toString(16).padStart(2, "0").repeat(16)}`;

export const LINE = "a";
export const SHIPMENT = idOf("shp", "s");

export const line = (change: Partial<LineFacts> = {}, name = LINE): LineFacts => ({
  lineId: idOf("lin", name),
  checkoutId: idOf("chk", "c"),
  position: 0,
  skuId: idOf("sku", name),
  listingId: idOf("lst", name),
  sellerId: idOf("acc", "s"),
  title: `Thing ${name}`,
  pieces: 2,
  unitMinor: 500,
  discountMinor: 0,
  platformDiscountMinor: 0,
  cashbackMinor: 0,
  platformCarriageMinor: 0,
  sellerCarriageMinor: 0,
  totalMinor: 1_000,
  sourceMinor: 500,
  sourceCurrency: "USD",
  note: null,
  weightGrams: 100,
  sizeMm: null,
  isBackordered: false,
  orderId: idOf("ord", "o"),
  shipmentId: null,
  state: "paid",
  reason: null,
  resumeState: null,
  stateAt: at(0),
  stateVersion: 0,
  decisionNote: null,
  dueAt: at(100),
  claimUntil: null,
  piecesBack: 0,
  shippingMinor: 0,
  commissionMinor: 100,
  paidMinor: 1_000,
  escrowMinor: 1_000,
  carriedMinor: 0,
  releasedMinor: 0,
  returnedMinor: 0,
  clawedMinor: 0,
  uncarriedMinor: 0,
  chargedMinor: 0,
  subsidizedMinor: 0,
  rewardedMinor: 0,
  borneMinor: 0,
  ...change,
});

export const parcel = (change: Partial<ParcelFacts> = {}): ParcelFacts => ({
  parcelId: idOf("par", "p"),
  lineIds: [idOf("lin", LINE)],
  state: "waiting",
  tryAt: at(0),
  ...change,
});

export const shipment = (change: Partial<ShipmentFacts> = {}): ShipmentFacts => ({
  shipmentId: SHIPMENT,
  state: "booked",
  lookAt: at(1_000),
  carrier: "swift",
  trackingId: "SW1",
  ...change,
});

type Change = Partial<Omit<Books, "now" | "notes">> & { readonly noted?: readonly string[] };

export const books = (minutes: number, { noted = [], ...change }: Change = {}): Books => ({
  orderId: idOf("ord", "o"),
  version: 7,
  openChargebacks: 0,
  lines: [line()],
  parcels: [],
  shipments: [],
  deadlines: DEADLINES_OF_PROOF,
  ...change,
  notes: new Set(noted),
  now: at(minutes),
});
