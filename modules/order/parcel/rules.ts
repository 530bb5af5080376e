/** What is asked of a carrier for a parcel, and what people are told of it. */
import type { In } from "@shopnexus/contracts/kit/contract";
import type { Feed } from "@shopnexus/contracts/common/feed";
import type { LetterOf } from "@shopnexus/contracts/common/letter";
import type { Booking, ParcelTrouble } from "@shopnexus/contracts/order/carriage";

type Item = { readonly lineId: string; readonly title: string; readonly pieces: number };
type Chosen = {
  readonly orderId: string;
  readonly shipmentId: string;
  readonly carrier: string;
  readonly service: string;
  readonly lines: readonly Item[];
};

export const bookingOf = (
  parcelId: string,
  { orderId, shipmentId, carrier, service, lines }: Chosen,
): Booking => ({
  shipmentId,
  kind: "outward",
  orderId,
  parcelId,
  refundId: null,
  lineIds: lines.map(({ lineId }) => lineId),
  carrier,
  service,
});

type Sealed = Chosen & { readonly buyerId: string; readonly trackingId: string };

export const confirmedEvents = (sealed: Sealed): In<typeof Feed, "append">["events"] => {
  const { orderId, shipmentId, carrier, service, trackingId, lines } = sealed;
  const data = { shipmentId, carrier, service, trackingId, lineIds: lines.map(({ lineId }) => lineId) };
  return [{ eventKey: `${shipmentId}/confirmed`, kind: "order.confirmed", subject: orderId, data }];
};

export const itemsOf = (lines: readonly Pick<Item, "title" | "pieces">[]) =>
  lines.map(({ title, pieces }) => ({ title, pieces }));

export const confirmedLetter = ({
  shipmentId,
  buyerId,
  orderId,
  lines,
}: Sealed): LetterOf<"lines_confirmed"> => ({
  messageKey: `${shipmentId}/confirmed`,
  to: { accountId: buyerId },
  template: "lines_confirmed",
  data: { orderId, items: itemsOf(lines) },
});

type Trouble = {
  readonly parcelId: string;
  readonly sellerId: string;
  readonly orderId: string;
  readonly choice: number;
  readonly tries: number;
  readonly trouble: ParcelTrouble;
  readonly reason: string;
};

/** What a seller can do something about. */
const ADVICE: Partial<Record<ParcelTrouble, { subject: string; message: string }>> = {
  carrier_down: {
    subject: "The carrier does not answer",
    message: "We ask it again by ourselves. You may choose another carrier meanwhile.",
  },
  carrier_refused: {
    subject: "The carrier does not take your parcel",
    message: "Choose another carrier, or the order is cancelled when its time is over.",
  },
  serials_short: {
    subject: "Serial numbers are missing",
    message: "Add serial numbers for what you sold, and the parcel is booked by itself.",
  },
};

export const troubleLetter = (trouble: Trouble): LetterOf<"operator_alert"> | undefined => {
  const advice = ADVICE[trouble.trouble];
  if (advice === undefined) return undefined;
  const { parcelId, choice, tries, sellerId, orderId, reason } = trouble;
  return {
    messageKey: `${parcelId}/trouble/${choice}/${tries}`,
    to: { accountId: sellerId },
    template: "operator_alert",
    data: {
      subject: advice.subject,
      message: [`Order ${orderId}.`, advice.message, reason].filter((part) => part !== "").join("\n"),
    },
  };
};
