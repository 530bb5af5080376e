import { z } from "zod";
import { mountBank } from "./bank.ts";
import type { Delivery } from "./hooks/delivery.ts";
import { authenticate, finishProcessing } from "./money/finish.ts";
import { intentOf } from "./money/intent-of.ts";
import type { App } from "./parts.ts";
import { challengePage, frontPage } from "./pages.ts";
import { stateOf } from "./totals.ts";
import { faultSettings } from "./weather/faults.ts";
import { bodyOf, callFor, read } from "./wire/control.ts";
import { invalid, StripeRefusal, unknownObject } from "./wire/errors.ts";
import { emptyForm } from "./wire/form.ts";
import type { HttpContext } from "./wire/gate.ts";
import type { World } from "./world.ts";

const ending = z.strictObject({
  success: z.union([z.boolean(), z.enum(["true", "false"]).transform((is) => is === "true")]),
});
const replaying = z.strictObject({
  eventId: z.string(),
  times: z.number().int().min(1).max(1_000).default(1),
});
const aiming = z.strictObject({ url: z.url().nullable(), events: z.array(z.string()).optional() });
const DELIVERIES_SHOWN = 100;

/** The levers no real Stripe has: faults, replays, the payer's answer, totals. They take no key. */
export const mountControls = (app: App, world: World): void => {
  app.get("/", (c) => c.html(frontPage(world)));
  app.get("/sandbox/state", (c) => c.json(stateOf(world)));
  app.post("/sandbox/reset", (c) => {
    world.reset();
    return c.json({ reset: true });
  });
  app.get("/sandbox/deliveries", (c) => c.json(deliveriesOf(world, c)));
  mountFaults(app, world);
  mountEndings(app, world);
  mountWebhooks(app, world);
  mountBank(app, world);
};

const mountFaults = (app: App, world: World): void => {
  app.get("/sandbox/faults", (c) => c.json(world.faults.current()));
  app.post("/sandbox/faults", async (c) => {
    world.faults.set(read(faultSettings, await bodyOf(c)));
    return c.json(world.faults.current());
  });
  app.delete("/sandbox/faults", (c) => {
    world.faults.clear();
    return c.json(world.faults.current());
  });
};

const mountEndings = (app: App, world: World): void => {
  app.get("/sandbox/intents/:id/authenticate", (c) =>
    c.html(challengePage(intentOf(world, c.req.param("id"), emptyForm()))),
  );
  app.post("/sandbox/intents/:id/authenticate", async (c) => {
    const intent = intentOf(world, c.req.param("id"), emptyForm());
    const back = intent.next_action?.redirect_to_url?.return_url;
    const { success } = read(ending, await bodyOf(c));
    const after = settledAnyway(() => authenticate(callFor(world, intent.id), success), world, intent.id);
    // The challenge page is a form in the payer's browser, which then goes back to the shop.
    const isPage = c.req.header("content-type")?.startsWith("application/x-www-form-urlencoded") === true;
    return isPage && back ? c.redirect(back, 303) : c.json(after);
  });
  app.post("/sandbox/intents/:id/settle", async (c) => {
    const id = c.req.param("id");
    const { success } = read(ending, await bodyOf(c));
    return c.json(settledAnyway(() => finishProcessing(callFor(world, id), success), world, id));
  });
};

const mountWebhooks = (app: App, world: World): void => {
  app.post("/sandbox/webhooks", async (c) => {
    const { url, events } = read(aiming, await bodyOf(c));
    world.courier.aim(url ?? undefined, events);
    return c.json({ url, events: events ?? "all" });
  });
  app.post("/sandbox/webhooks/replay", async (c) => {
    const { eventId, times } = read(replaying, await bodyOf(c));
    const event = world.events.get(eventId);
    if (event === undefined) throw unknownObject("event", eventId, { param: "eventId" });
    world.courier.replay(event, times);
    return c.json({ eventId, times });
  });
};

// The card can still be declined after the payer passed; to whoever answers the challenge that is no error.
const settledAnyway = (run: () => object, world: World, id: string): object => {
  try {
    return run();
  } catch (error) {
    if (error instanceof StripeRefusal && error.status === 402) return intentOf(world, id, emptyForm());
    throw error;
  }
};

const deliveriesOf = (world: World, c: HttpContext) => {
  const { event, state } = c.req.query();
  const limit = Number(c.req.query("limit") ?? DELIVERIES_SHOWN);
  if (!Number.isInteger(limit) || limit < 1) throw invalid("Invalid integer: limit", { param: "limit" });
  const fits = (item: Delivery) =>
    (event === undefined || item.event === event) && (state === undefined || item.state === state);
  const found = world.deliveries.all().filter(fits);
  return { object: "list", total: found.length, data: found.slice(-limit).toReversed() };
};
