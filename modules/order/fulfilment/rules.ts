/** What people and the feed are told of an order's life, by the duty that tells it. */
import type { Feed } from "@shopnexus/contracts/common/feed";
import type { Letter } from "@shopnexus/contracts/common/letter";
import type { In, Out } from "@shopnexus/contracts/kit/contract";
import type { Duty, DutyKind } from "@shopnexus/contracts/order/duties";
import type { Escrow } from "@shopnexus/contracts/order/escrow";
import type { LineReason } from "@shopnexus/contracts/order/line";
import { itemsOf } from "../parcel/rules.ts";

export type Task = {
  readonly orderId: string;
  readonly buyerId: string;
  readonly sellerId: string;
  readonly duty: Duty;
};
type Events = In<typeof Feed, "append">["events"];
type Back = Out<typeof Escrow, "withdraw">;
type Released = Out<typeof Escrow, "release">;

const KINDS: Partial<Record<DutyKind, Events[number]["kind"]>> = {
  escalate_handover: "order.escalated",
  escalate_transit: "order.escalated",
  tell_shipped: "order.shipped",
  tell_delivered: "order.delivered",
};

const idsOf = ({ lines }: Duty): string[] => lines.map(({ lineId }) => lineId);

export const eventsOf = ({ orderId, duty }: Task): Events => {
  const kind = KINDS[duty.kind];
  if (kind === undefined) return [];
  const { shipmentId, trackingId, until } = duty;
  const data = { duty: duty.kind, lineIds: idsOf(duty), shipmentId, trackingId, until };
  return [{ eventKey: `${orderId}/${duty.key}`, kind, subject: orderId, data }];
};

export const letterOf = ({ orderId, buyerId, sellerId, duty }: Task): Letter | undefined => {
  const { kind, key, carrier, trackingId, until } = duty;
  const messageKey = `${orderId}/${key}`;
  const data = { orderId, items: itemsOf(duty.lines) };
  if ((kind === "remind_first" || kind === "remind_last") && until !== null) {
    const to = { accountId: sellerId };
    return { messageKey, to, template: "confirm_reminder", data: { ...data, confirmUntil: until } };
  }
  const to = { accountId: buyerId };
  // Of a parcel that is there before anybody said that it left, its arrival is news enough.
  if (kind === "tell_shipped" && carrier !== null && trackingId !== null && until === null)
    return { messageKey, to, template: "parcel_shipped", data: { ...data, carrier, trackingId } };
  if (kind === "tell_delivered" && until !== null)
    return { messageKey, to, template: "parcel_delivered", data: { ...data, claimUntil: until } };
  return undefined;
};

/** Why it came to nothing, for the buyer. */
const WHY: Partial<Record<LineReason, string>> = {
  seller_silent: "The seller did not answer in time.",
  stock_never_came: "Stock did not come in time.",
  buyer_cancelled: "You took it back.",
  carrier_silent: "The parcel was never fetched.",
  parcel_returned: "The parcel came back to the seller.",
  parcel_lost: "The parcel is lost.",
};

/** Lines come to nothing once; money of them may come back from a bank later, and that is no news of this kind. */
const cancelledKey = ({ lines, key }: Duty): string => `${lines[0]?.lineId ?? key}/cancelled`;

export const cancelledLetter = ({ orderId, buyerId, duty }: Task): Letter => {
  const { reason, note, trackingId } = duty;
  const head = { messageKey: cancelledKey(duty), to: { accountId: buyerId } };
  const data = { orderId, items: itemsOf(duty.lines) };
  if (reason === "parcel_lost" && trackingId !== null)
    return { ...head, template: "parcel_lost", data: { ...data, trackingId } };
  if (reason === "seller_rejected")
    return { ...head, template: "lines_rejected", data: { ...data, reason: note ?? "" } };
  const why = (reason !== null && WHY[reason]) || "It cannot be sent.";
  return { ...head, template: "lines_cancelled", data: { ...data, reason: why } };
};

export const paidLetter = ({ orderId, buyerId, duty }: Task, { totals, party }: Back): Letter => ({
  messageKey: `${duty.key}/paid`,
  to: { accountId: buyerId },
  template: "refund_paid",
  data: { orderId, amount: { minor: totals.returnedMinor, currency: party.currency } },
});

export const cancelledEvents = ({ orderId, duty }: Task, { totals, party, lineIds }: Back): Events => {
  const returned = { minor: totals.returnedMinor, currency: party.currency };
  const data = { lineIds, reason: duty.reason, returned };
  return [{ eventKey: cancelledKey(duty), kind: "order.cancelled", subject: orderId, data }];
};

export const fulfilledEvents = ({ orderId, duty }: Task, released: Released): Events => {
  const { grossMinor, commissionMinor, party, lineIds } = released;
  const gross = { minor: grossMinor, currency: party.currency };
  const commission = { minor: commissionMinor, currency: party.currency };
  const data = { lineIds, sellerId: party.sellerId, gross, commission };
  return [{ eventKey: `${duty.key}/fulfilled`, kind: "order.fulfilled", subject: orderId, data }];
};

/** Of what was packed, the serial numbers are free again; those of a lost parcel are lost with it. */
export const hadSerials = ({ reason }: Duty): boolean =>
  reason === "carrier_silent" || reason === "parcel_returned";
