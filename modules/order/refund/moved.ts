import type { WorkflowContext, WorkflowSharedContext } from "@restatedev/restate-sdk";
import { Mail } from "@shopnexus/contracts/common/mail";
import { id } from "@shopnexus/contracts/kit/id";
import type { Booking, ShipmentState } from "@shopnexus/contracts/order/carriage";
import { Claim } from "@shopnexus/contracts/order/claim";
import type { ClaimStep, ClaimView } from "@shopnexus/contracts/order/complaint";
import type { Refund } from "@shopnexus/contracts/order/refund";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import type { z } from "zod";
import { call, type Calls } from "#modules/_kit/call.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { say } from "#modules/_kit/say.ts";
import { labelLetter, newsOf } from "./rules.ts";

export const moved: Handler<typeof Refund, "moved"> = async (ctx) => {
  if (!id("rfd").safeParse(ctx.key).success) return {};
  for (const version of await followParcel(ctx, ctx.key)) await say(ctx, newsOf(version), true);
  return {};
};

/** The parcel home, by its claim. */
const parcelOf = (refundId: string): string => deriveId("shp", refundId);

/** It may be with the carrier, or on its way there. */
export const isAway = ({ state, shipmentId }: ClaimView): boolean =>
  shipmentId !== null && (state === "returning" || state === "in_transit");

/** What a carrier's word means for the claim. A parcel that it gives back to the buyer did not come back to the seller. */
const EVENTS: Partial<Record<z.infer<typeof ShipmentState>, "send" | "arrive" | "lose">> = {
  picked_up: "send",
  in_transit: "send",
  out_for_delivery: "send",
  failed_attempt: "send",
  delivered: "arrive",
  lost: "lose",
};

/** Brings the claim to where its parcel is; gives the versions that it was on. */
const followParcel = async (ctx: WorkflowSharedContext, refundId: string): Promise<number[]> => {
  const { shipment } = await call(ctx, Shipment).read({ shipmentId: parcelOf(refundId) });
  const event = shipment === null ? undefined : EVENTS[shipment.state];
  if (event === undefined) return [];
  const move = { refundId, by: null, says: "" };
  const sent = await call(ctx, Claim).move({ ...move, event: "send" });
  if (event === "send") return [sent.before];
  const ended = await call(ctx, Claim).move({ ...move, event });
  return [sent.before, ended.before];
};

/** Webhooks get lost: whoever waits for a parcel asks for it now and then. */
export const askAfterParcel = async (ctx: WorkflowContext, refundId: string): Promise<void> => {
  await call(ctx, Shipment).track({ shipmentId: parcelOf(refundId) });
  await followParcel(ctx, refundId);
};

type Booked = Awaited<ReturnType<Calls<typeof Shipment>["book"]>>;

/** What the run lends: its clock of silence, and its pair that books. */
export type Sending = {
  readonly ctx: WorkflowContext;
  readonly book: (booking: Booking) => Promise<Booked>;
  readonly bookRetryMs: number;
};

/**
 * The carrier that brought the goods takes them back, and the buyer gets a label. Gives when to ask a carrier again that
 * does not answer. One that does not take the parcel leaves it to the buyer to send it, and to say so.
 */
export const sendLabel = async (
  { ctx, book, bookRetryMs }: Sending,
  { claim, carriage }: ClaimStep,
): Promise<number | null> => {
  const { state, shipmentId: known, refundId, orderId } = claim;
  if (state !== "returning" || known !== null || carriage === null) return null;
  const shipmentId = parcelOf(refundId);
  const lineIds = claim.lines.map(({ lineId }) => lineId);
  const own = { kind: "return" as const, parcelId: null, refundId, orderId };
  const booked = await book({ shipmentId, ...own, lineIds, ...carriage });
  if (booked.state === "down") return bookRetryMs;
  if (booked.state === "refused") return null;
  await call(ctx, Shipment).seal({ shipmentId });
  await call(ctx, Claim).attach({ refundId, shipmentId });
  send(ctx, Mail).post(labelLetter(claim, booked.trackingId ?? ""));
  return null;
};
