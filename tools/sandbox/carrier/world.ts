import type { Courier } from "../hooks/courier.ts";
import { makeCourier } from "../hooks/courier.ts";
import type { Delivery } from "../hooks/delivery.ts";
import { type Letter, signatureOf } from "../hooks/post.ts";
import { openShelf, type Shelf } from "../shelf.ts";
import { type Faults, makeFaults } from "../weather/faults.ts";
import type { World } from "../world.ts";
import type { CarrierName } from "./carriers.ts";
import type { Booking, CarrierEvent, Shipment } from "./shapes.ts";
import { TARIFF, type Tariff } from "./tariff.ts";

/** What a carrier is told to do for a while. */
export type Trouble = { isDown: boolean; refuses: boolean };

/** The booking that came with an idempotency key. */
type Keyed = Readonly<{ id: string; booking: Booking; shipmentId: string }>;

/** Everything the carriers know. */
export type CarrierWorld = {
  readonly secret: string;
  readonly shipments: Shelf<Shipment>;
  readonly keys: Shelf<Keyed>;
  readonly events: Shelf<CarrierEvent>;
  readonly deliveries: Shelf<Delivery>;
  readonly faults: Faults;
  readonly courier: Courier<CarrierEvent>;
  readonly troubles: Map<CarrierName, Trouble>;
  tariff: Tariff;
  now(): number;
  /** Told of every new state of a shipment. */
  onMoved(shipment: Shipment): void;
  reset(): void;
};

type Options = { secret: string; tariff?: Tariff | undefined; seed: number };

export const openCarrierWorld = (
  { store, now }: Pick<World, "store" | "now">,
  { secret, tariff = TARIFF, seed }: Options,
): CarrierWorld => {
  const faults = makeFaults(seed);
  const shelves = {
    shipments: openShelf<Shipment>("carrier_shipment", store),
    keys: openShelf<Keyed>("carrier_key", store),
    events: openShelf<CarrierEvent>("carrier_event", store),
    deliveries: openShelf<Delivery>("carrier_delivery", store),
  };
  const seal = (event: CarrierEvent) => sealed(event, secret, now());
  const courier = makeCourier({ ...shelves, faults, now, seal });
  const world: CarrierWorld = {
    ...shelves,
    secret,
    faults,
    courier,
    troubles: new Map(),
    tariff,
    now,
    onMoved: () => {},
    reset: () => {
      faults.clear();
      courier.drop();
      world.troubles.clear();
      world.tariff = tariff;
      for (const shelf of Object.values(shelves)) shelf.clear();
    },
  };
  return world;
};

/** An event as the shop gets it. */
const sealed = ({ id, type: _type, ...fact }: CarrierEvent, secret: string, nowMs: number): Letter => {
  const body = JSON.stringify({ eventId: id, ...fact });
  return { body, headers: { "carrier-signature": signatureOf(body, secret, nowMs) } };
};
