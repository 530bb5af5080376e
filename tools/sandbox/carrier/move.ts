import { newId } from "../money/shapes.ts";
import { JsonRefusal } from "../wire/json.ts";
import type { CarrierName } from "./carriers.ts";
import type { Operation } from "./gate.ts";
import { mayFollow, type Status } from "./life.ts";
import { shipmentOf, viewOf } from "./look.ts";
import type { CarrierEvent, CarrierFact, Shipment } from "./shapes.ts";
import type { CarrierWorld } from "./world.ts";

/** How the news travels: so many copies, so late, past all faults; by the faults when neither is said. */
export type Telling = { times?: number | undefined; lateMs?: number | undefined };

/** A parcel's next stop. */
export type Move = Telling & { status: Status };

/** Takes a parcel to a stop that may follow, and tells the shop. */
export const move = (world: CarrierWorld, name: string, { status, ...telling }: Move): Shipment => {
  const before = shipmentOf(world, name);
  if (!mayFollow(before.status, status)) {
    throw new JsonRefusal(409, "impossible_move", `What is ${before.status} cannot become ${status}.`);
  }
  const at = afterwards(world, before);
  const after = { ...before, status, history: [...before.history, { status, at }] };
  world.shipments.put(after);
  const { shipmentId, trackingId, reference } = after;
  tell(world, { shipmentId, trackingId, reference, status, at }, telling);
  world.onMoved(after);
  return after;
};

/** Two stops of one parcel never bear the same time, so that their order can be told. */
const afterwards = (world: CarrierWorld, { history, createdAt }: Shipment): string => {
  const latestMs = Date.parse(history.at(-1)?.at ?? createdAt);
  return new Date(Math.max(world.now(), latestMs + 1)).toISOString();
};

/** Tells the shop something, true or not. */
export const tell = (
  world: CarrierWorld,
  fact: CarrierFact,
  { times, lateMs }: Telling = {},
): CarrierEvent => {
  const event = { id: newId("cev"), type: fact.status, ...fact };
  world.events.put(event);
  if (times === undefined && lateMs === undefined) world.courier.publish(event);
  else world.courier.replay(event, times ?? 1, lateMs);
  return event;
};

/** Calls a parcel off while nobody has fetched it; once more changes nothing. */
export const cancel: Operation = ({ world, id }) => {
  const shipment = shipmentOf(world, id);
  if (shipment.status === "cancelled") return { status: 200, body: viewOf(shipment) };
  if (shipment.status !== "booked") {
    throw new JsonRefusal(409, "not_cancellable", `The parcel is ${shipment.status} already.`);
  }
  if (world.troubles.get(shipment.carrier as CarrierName)?.isDown === true) {
    throw new JsonRefusal(503, "carrier_down", `${shipment.carrier} does not answer.`);
  }
  return { status: 200, body: viewOf(move(world, id, { status: "cancelled" })) };
};
