import { Instant } from "@shopnexus/contracts/kit/time";
import { z } from "zod";
import { JsonRefusal, read } from "../wire/json.ts";
import type { Operation } from "./gate.ts";
import type { Shipment } from "./shapes.ts";
import type { CarrierWorld } from "./world.ts";

const LIMIT_MAX = 100;

const listing = z.strictObject({
  trackingId: z.string().optional(),
  reference: z.string().optional(),
  /** At this instant or later. */
  createdFrom: Instant.optional(),
  /** Before this instant. */
  createdBefore: Instant.optional(),
  /** The last shipment of the page before. */
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_MAX),
});

/** A shipment as the shop sees it. */
export const viewOf = ({ id: _id, ...shipment }: Shipment) => shipment;

/** The shipment of this id, or of this tracking id. */
export const shipmentOf = ({ shipments }: CarrierWorld, name: string): Shipment => {
  const found = shipments.get(name) ?? shipments.all().find(({ trackingId }) => trackingId === name);
  if (found === undefined) throw new JsonRefusal(404, "unknown_shipment", `There is no shipment ${name}.`);
  return found;
};

export const retrieve: Operation = ({ world, id }) => ({ status: 200, body: viewOf(shipmentOf(world, id)) });

/** Pages through shipments, oldest first. */
export const list: Operation = ({ world, query }) => {
  const { after, limit, ...wanted } = read(listing, query);
  const place = after === undefined ? -1 : world.shipments.placeOf(after);
  if (place === undefined) {
    throw new JsonRefusal(400, "invalid_request", `There is no shipment ${after} to go on after.`);
  }
  const found = world.shipments
    .all()
    .slice(place + 1)
    .filter(fits(wanted));
  const page = found.slice(0, limit);
  const next = found.length > limit ? (page.at(-1)?.shipmentId ?? null) : null;
  return { status: 200, body: { shipments: page.map(viewOf), next } };
};

type Wanted = Omit<z.output<typeof listing>, "after" | "limit">;

const fits =
  ({ trackingId, reference, createdFrom, createdBefore }: Wanted) =>
  (shipment: Shipment): boolean =>
    (trackingId === undefined || shipment.trackingId === trackingId) &&
    (reference === undefined || shipment.reference === reference) &&
    (createdFrom === undefined || Date.parse(shipment.createdAt) >= Date.parse(createdFrom)) &&
    (createdBefore === undefined || Date.parse(shipment.createdAt) < Date.parse(createdBefore));
