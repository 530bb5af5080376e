/** A carrier aggregator: one API that speaks for many carriers. Nobody drives anywhere. */
import { randomBytes } from "node:crypto";
import type { Part } from "../parts.ts";
import type { Faults } from "../weather/faults.ts";
import { JsonRefusal, jsonRoutes } from "../wire/json.ts";
import type { World } from "../world.ts";
import { type AutoLife, startAutoLife } from "./auto.ts";
import { book } from "./book.ts";
import type { CarrierName } from "./carriers.ts";
import { mountControls } from "./controls.ts";
import { serve } from "./gate.ts";
import type { Status } from "./life.ts";
import { list, retrieve, viewOf } from "./look.ts";
import { cancel, move, tell, type Telling } from "./move.ts";
import { quote } from "./quote.ts";
import type { CarrierEvent, CarrierFact, Shipment } from "./shapes.ts";
import type { Tariff } from "./tariff.ts";
import { type CarrierWorld, openCarrierWorld } from "./world.ts";

export type CarrierOptions = {
  /** Opens the API and signs the webhooks; a random one when left out. */
  secret?: string | undefined;
  webhookUrl?: string | undefined;
  tariff?: Tariff | undefined;
  /** How long each stop of a parcel takes; null, or nothing, leaves parcels where they are. */
  autoMs?: number | null | undefined;
  /** Of the fault generator. */
  seed?: number | undefined;
};

/** Where a call says `id`, a tracking id does as well. */
export type SandboxCarrier = {
  readonly apiUrl: string;
  readonly secret: string;
  /** Of requests under the API and of webhooks, as Stripe has them. */
  readonly faults: Faults;
  setWebhookUrl(url: string | undefined): void;
  /** In minor units of USD; what is left out stays. */
  setTariff(tariff: { [N in keyof Tariff]?: number | undefined }): void;
  setTrouble(carrier: CarrierName, trouble: Changes): void;
  setAutoMs(autoMs: number | null): void;
  move(id: string, status: Status, telling?: Telling): ShipmentView;
  /** Sends the shop a signed fact, true or not. */
  tell(fact: CarrierFact, telling?: Telling): CarrierEvent;
  /** Delivers an event again, past all faults. */
  replay(eventId: string, times?: number): void;
  shipments(): ShipmentView[];
  events(): readonly CarrierEvent[];
};

type Changes = { down?: boolean | undefined; refuses?: boolean | undefined };
type ShipmentView = Omit<Shipment, "id">;

export const openCarrier = (
  world: World,
  options: CarrierOptions = {},
): { carrier: SandboxCarrier; part: Part } => {
  const secret = options.secret ?? `carrier_${randomBytes(12).toString("hex")}`;
  const carriers = openCarrierWorld(world, { secret, tariff: options.tariff, seed: options.seed ?? 1 });
  const life = startAutoLife(carriers);
  const carrier = leversOf(carriers, life, () => `${world.url}/carrier/v1`);
  const start = () => {
    carriers.courier.aim(options.webhookUrl);
    carriers.courier.resume();
    life.set(options.autoMs ?? null);
  };
  const part: Part = {
    name: "carrier",
    mount: (app) => {
      const routes = jsonRoutes();
      mountApi(routes, carriers);
      mountControls(routes, carriers, carrier);
      app.route("/", routes);
    },
    start,
    reset: () => {
      carriers.reset();
      life.set(options.autoMs ?? null);
    },
    totals: () => ({
      shipments: tally(carriers.shipments.all(), ({ status }) => status),
      events: carriers.events.all().length,
      deliveries: tally(carriers.deliveries.all(), ({ state }) => state),
    }),
    stop: () => {
      life.stop();
      carriers.courier.stop();
    },
  };
  return { carrier, part };
};

const mountApi = (routes: ReturnType<typeof jsonRoutes>, world: CarrierWorld): void => {
  const shipments = "/carrier/v1/shipments";
  routes.post("/carrier/v1/quotes", serve(world, quote));
  routes.post(shipments, serve(world, book));
  routes.get(shipments, serve(world, list));
  routes.get(`${shipments}/:id`, serve(world, retrieve));
  routes.post(`${shipments}/:id/cancel`, serve(world, cancel));
};

const leversOf = (world: CarrierWorld, life: AutoLife, apiUrl: () => string): SandboxCarrier => ({
  get apiUrl() {
    return apiUrl();
  },
  secret: world.secret,
  faults: world.faults,
  setWebhookUrl: (url) => world.courier.aim(url),
  setTariff: ({ baseMinor, perKgMinor }) => {
    const { tariff } = world;
    world.tariff = {
      baseMinor: baseMinor ?? tariff.baseMinor,
      perKgMinor: perKgMinor ?? tariff.perKgMinor,
    };
  },
  setTrouble: (carrier, { down, refuses }) => {
    const before = world.troubles.get(carrier);
    world.troubles.set(carrier, {
      isDown: down ?? before?.isDown ?? false,
      refuses: refuses ?? before?.refuses ?? false,
    });
  },
  setAutoMs: life.set,
  move: (id, status, telling = {}) => viewOf(move(world, id, { status, ...telling })),
  tell: (fact, telling = {}) => tell(world, fact, telling),
  replay: (eventId, times = 1) => {
    const event = world.events.get(eventId);
    if (event === undefined) throw new JsonRefusal(404, "unknown_event", `There is no event ${eventId}.`);
    world.courier.replay(event, times);
  },
  shipments: () => world.shipments.all().map(viewOf),
  events: () => world.events.all(),
});

const tally = <T>(items: readonly T[], name: (item: T) => string): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(items, name)].map(([key, { length }]) => [key, length]));
