import { CancelledError, RestatePromise, type WorkflowContext } from "@restatedev/restate-sdk";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Mail } from "@shopnexus/contracts/common/mail";
import { Serial, SerialRefusals } from "@shopnexus/contracts/inventory/serial";
import type { Out } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Booking } from "@shopnexus/contracts/order/carriage";
import { Escrow } from "@shopnexus/contracts/order/escrow";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Packing } from "@shopnexus/contracts/order/packing";
import type { Parcel } from "@shopnexus/contracts/order/parcel";
import { Shipment, ShipmentRefusals } from "@shopnexus/contracts/order/shipment";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { anyway, nothing, pair, pivot, type Saga, saga } from "#modules/_kit/saga.ts";
import { refusedOf } from "#modules/_kit/terminal.ts";
import { carryEntry } from "../_kit/entries.ts";
import { type Chosen, type Obstacle, waitForChange } from "./changed.ts";
import { bookingOf, confirmedEvents, confirmedLetter } from "./rules.ts";

type Ctx = WorkflowContext;
type Sealed = Out<typeof Shipment, "seal"> & { shipmentId: string; buyerId: string };

// The pairs, in running order. Until the label is made the carrier may forget the parcel.

const takeSerials = pair("take serials", {
  do: (ctx: Ctx, lines: Chosen["lines"]) => takeAll(ctx, lines),
  undo: (ctx, lines) => RestatePromise.all(lines.map(({ lineId }) => call(ctx, Serial).putBack({ lineId }))),
});
const bookParcel = pair("book parcel", {
  do: (ctx: Ctx, booking: Booking) => call(ctx, Shipment).book(booking),
  undo: (ctx, { shipmentId }) => call(ctx, Shipment).unbook({ shipmentId }),
});
const makeLabel = pivot("make label", {
  do: (ctx: Ctx, { shipmentId }: { shipmentId: string }) => call(ctx, Shipment).seal({ shipmentId }),
});
const payCarriage = pair("pay for carriage", {
  do: (ctx: Ctx, sealed: Sealed) => spend(ctx, sealed),
  undo: nothing("the parcel goes"),
});
const tellBuyer = pair("tell the buyer", {
  do: (ctx: Ctx, sealed: Sealed) => tell(ctx, sealed),
  undo: nothing("the parcel goes"),
});

export const run: Handler<typeof Parcel, "run"> = async (ctx) => {
  const parcelId = ctx.key;
  const chosen = await call(ctx, Packing).choose({ parcelId });
  if (chosen.isOver) return {};
  const last = { ...chosen };
  try {
    await saga(ctx, (steps) => pack(ctx, steps, last));
    return {};
  } catch (error) {
    const refused = refusedOf(error, ShipmentRefusals.PARCEL_EMPTY);
    if (refused === undefined) throw error;
    const { choice, tries } = await anyway(() => call(ctx, Packing).choose({ parcelId }));
    const trouble = { parcelId, choice, tries, trouble: "undone" as const, reason: refused.code };
    await anyway(() => call(ctx, Packing).postpone(trouble));
    throw error;
  }
};

/** What the run holds already: serial numbers, and the booking that was asked for last. */
type Grasp = { hasSerials: boolean; asked: string | undefined };

/** As long as something is in the way it is tried again, and the seller may choose another carrier meanwhile. */
const pack = async (ctx: Ctx, steps: Saga<Ctx>, first: Chosen): Promise<void> => {
  const heard = new Set<number>();
  const grasp: Grasp = { hasSerials: false, asked: undefined };
  for (let chosen = first; ; ) {
    if (chosen.isOver) throw refuse(ShipmentRefusals.PARCEL_EMPTY, {});
    const obstacle = await reach(ctx, steps, { chosen, grasp });
    if (obstacle === undefined && (await label(ctx, steps, chosen))) return;
    chosen = await (obstacle === undefined
      ? call(ctx, Packing).choose({ parcelId: ctx.key })
      : waitForChange(ctx, { chosen, obstacle, heard }));
  }
};

type Reach = { readonly chosen: Chosen; readonly grasp: Grasp };

/** Takes the serial numbers and books; or what is in the way of it. */
const reach = async (ctx: Ctx, steps: Saga<Ctx>, { chosen, grasp }: Reach): Promise<Obstacle | undefined> => {
  if (chosen.isDisputed) return { trouble: "disputed", reason: "" };
  if (!grasp.hasSerials) {
    const { short } = await steps.do(takeSerials, chosen.lines);
    if (short !== undefined) return { trouble: "serials_short", reason: short };
    grasp.hasSerials = true;
  }
  const { shipmentId } = chosen;
  const isNew = grasp.asked !== shipmentId;
  if (isNew && grasp.asked !== undefined) await call(ctx, Shipment).unbook({ shipmentId: grasp.asked });
  const booking = bookingOf(ctx.key, chosen);
  // Of the same booking the undo is known already.
  const { state, reason } = await (isNew ? steps.do(bookParcel, booking) : call(ctx, Shipment).book(booking));
  grasp.asked = shipmentId;
  if (state === "booked") return undefined;
  return { trouble: state === "down" ? "carrier_down" : "carrier_refused", reason };
};

/** The label, and what follows from it; false where the seller has chosen another carrier since. */
const label = async (ctx: Ctx, steps: Saga<Ctx>, { shipmentId, buyerId }: Chosen): Promise<boolean> => {
  try {
    const sealed = { ...(await steps.do(makeLabel, { shipmentId })), shipmentId, buyerId };
    await steps.do(payCarriage, sealed);
    await steps.do(tellBuyer, sealed);
    return true;
  } catch (error) {
    const refused = refusedOf(error, ShipmentRefusals.PARCEL_EMPTY);
    if (refused?.code !== ShipmentRefusals.PARCEL_REPICKED.code) throw error;
    return false;
  }
};

/** Too few serial numbers are no reason to give up: the seller adds them, and those that were taken stay taken. */
const takeAll = async (ctx: Ctx, lines: Chosen["lines"]): Promise<{ short: string | undefined }> => {
  const takes = lines.map(({ lineId, skuId, pieces }) => call(ctx, Serial).take({ lineId, skuId, pieces }));
  const failures = (await RestatePromise.allSettled(takes)).flatMap((end) =>
    end.status === "rejected" ? [end.reason as unknown] : [],
  );
  const others = failures.filter((error) => !isShort(error));
  if (others.length > 0) throw others[0];
  return { short: failures.length === 0 ? undefined : SerialRefusals.SERIALS_SHORT.says };
};

const isShort = (error: unknown): boolean =>
  !(error instanceof CancelledError) &&
  refusedOf(error, SerialRefusals.SERIALS_GONE)?.code === SerialRefusals.SERIALS_SHORT.code;

const spend = async (ctx: Ctx, { orderId, shipmentId, lines }: Sealed): Promise<void> => {
  const key = `${shipmentId}/carriage`;
  const lineIds = lines.map(({ lineId }) => lineId);
  const { party, minor } = await call(ctx, Escrow).carry({ orderId, key, lineIds });
  for (const entry of carryEntry(key, party, minor)) await call(ctx, Wallet).post(entry);
};

const tell = async (ctx: Ctx, sealed: Sealed): Promise<void> => {
  await call(ctx, Serial).ship({ lineIds: sealed.lines.map(({ lineId }) => lineId) });
  await call(ctx, Feed).append({ events: confirmedEvents(sealed) });
  send(ctx, Mail).post(confirmedLetter(sealed));
  send(ctx, Fulfilment, sealed.orderId).news({ version: sealed.version });
};
