import { z } from "zod";
import type { App } from "../parts.ts";
import { faultSettings } from "../weather/faults.ts";
import { bodyAs, read } from "../wire/json.ts";
import { CARRIERS } from "./carriers.ts";
import type { SandboxCarrier } from "./carrier.ts";
import { STATUSES } from "./life.ts";
import type { CarrierWorld } from "./world.ts";

const minor = z.int().min(0).max(100_000_000);
const milliseconds = z.int().min(0).max(86_400_000);

const tariff = z.strictObject({ baseMinor: minor.optional(), perKgMinor: minor.optional() });
const trouble = z.strictObject({
  carrier: z.enum(CARRIERS),
  down: z.boolean().optional(),
  refuses: z.boolean().optional(),
});
const moving = z.strictObject({
  status: z.enum(STATUSES),
  times: z.int().min(0).max(1_000).optional(),
  lateMs: milliseconds.optional(),
});
const living = z.strictObject({ autoMs: milliseconds.nullable() });
const aiming = z.strictObject({ url: z.url().nullable() });
const replaying = z.strictObject({ eventId: z.string(), times: z.int().min(1).max(1_000).default(1) });
const looking = z.strictObject({ shipmentId: z.string().optional() });
const asking = z.strictObject({ event: z.string().optional(), state: z.string().optional() });

/** The levers that no real carrier has. They take no secret. */
export const mountControls = (routes: App, world: CarrierWorld, carrier: SandboxCarrier): void => {
  mountParcels(routes, carrier);
  mountTroubles(routes, world, carrier);
  mountWebhooks(routes, world, carrier);
};

const mountParcels = (routes: App, carrier: SandboxCarrier): void => {
  routes.get("/sandbox/shipments", (c) => c.json({ shipments: carrier.shipments() }));
  routes.post("/sandbox/shipments/:id/move", async (c) => {
    const { status, ...telling } = await bodyAs(c, moving);
    return c.json(carrier.move(c.req.param("id"), status, telling));
  });
  routes.post("/sandbox/carrier/life", async (c) => {
    const { autoMs } = await bodyAs(c, living);
    carrier.setAutoMs(autoMs);
    return c.json({ autoMs });
  });
};

const mountTroubles = (routes: App, world: CarrierWorld, carrier: SandboxCarrier): void => {
  const troubles = () => ({ carriers: Object.fromEntries(world.troubles), weather: world.faults.current() });
  routes.get("/sandbox/carrier/tariff", (c) => c.json(world.tariff));
  routes.post("/sandbox/carrier/tariff", async (c) => {
    carrier.setTariff(await bodyAs(c, tariff));
    return c.json(world.tariff);
  });
  routes.get("/sandbox/carrier/faults", (c) => c.json(troubles()));
  routes.post("/sandbox/carrier/faults", async (c) => {
    const { carrier: name, ...changes } = await bodyAs(c, trouble);
    carrier.setTrouble(name, changes);
    return c.json(troubles());
  });
  routes.post("/sandbox/carrier/weather", async (c) => {
    world.faults.set(await bodyAs(c, faultSettings));
    return c.json(troubles());
  });
  routes.delete("/sandbox/carrier/faults", (c) => {
    world.troubles.clear();
    world.faults.clear();
    return c.json(troubles());
  });
};

const mountWebhooks = (routes: App, world: CarrierWorld, carrier: SandboxCarrier): void => {
  routes.post("/sandbox/carrier/webhooks", async (c) => {
    const { url } = await bodyAs(c, aiming);
    carrier.setWebhookUrl(url ?? undefined);
    return c.json({ url });
  });
  routes.post("/sandbox/carrier/webhooks/replay", async (c) => {
    const { eventId, times } = await bodyAs(c, replaying);
    carrier.replay(eventId, times);
    return c.json({ eventId, times });
  });
  routes.get("/sandbox/carrier/events", (c) => {
    const { shipmentId } = read(looking, c.req.query());
    const fits = (event: { shipmentId: string }) =>
      shipmentId === undefined || event.shipmentId === shipmentId;
    return c.json({ events: carrier.events().filter(fits) });
  });
  routes.get("/sandbox/carrier/deliveries", (c) => {
    const { event, state } = read(asking, c.req.query());
    const found = world.deliveries
      .all()
      .filter((one) => (event ?? one.event) === one.event && (state ?? one.state) === one.state);
    return c.json({ deliveries: found });
  });
};
