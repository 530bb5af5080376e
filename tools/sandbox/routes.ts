import { mountConnect } from "./connect/routes.ts";
import { mountDisputes } from "./disputes/routes.ts";
import type { SandboxEvent } from "./hooks/events.ts";
import { mountLedger } from "./ledger/routes.ts";
import { cancelIntent } from "./money/cancel.ts";
import { captureIntent } from "./money/capture.ts";
import { confirmIntent } from "./money/confirm.ts";
import { createIntent } from "./money/create.ts";
import { intentOf } from "./money/intent-of.ts";
import { createRefund, retrieveRefund } from "./money/refunds.ts";
import { updateIntent } from "./money/update.ts";
import type { App } from "./parts.ts";
import { unknownObject } from "./wire/errors.ts";
import { type Gate, serve } from "./wire/gate.ts";
import { page } from "./wire/lists.ts";
import { only, text, texts } from "./wire/params.ts";
import type { Operation } from "./world.ts";

const PAGING = ["limit", "starting_after", "ending_before", "created"];
const LIST_INTENTS = new Set([...PAGING, "customer"]);
const LIST_CHARGES = new Set([...PAGING, "customer", "payment_intent", "transfer_group"]);
const LIST_REFUNDS = new Set([...PAGING, "payment_intent", "charge"]);
const LIST_EVENTS = new Set([...PAGING, "type", "types"]);

/** The part of the Stripe API that is emulated. */
export const mountApi = (app: App, gate: Gate): void => {
  const intent = "/v1/payment_intents/:id";
  app.post("/v1/payment_intents", serve(gate, createIntent));
  app.get("/v1/payment_intents", serve(gate, listIntents));
  app.get(
    intent,
    serve(gate, ({ world, id, params }) => intentOf(world, id, params), true),
  );
  app.post(intent, serve(gate, updateIntent));
  app.post(`${intent}/confirm`, serve(gate, confirmIntent, true));
  app.post(`${intent}/capture`, serve(gate, captureIntent));
  app.post(`${intent}/cancel`, serve(gate, cancelIntent));
  app.get("/v1/charges", serve(gate, listCharges));
  app.get("/v1/charges/:id", serve(gate, retrieveCharge));
  app.post("/v1/refunds", serve(gate, createRefund));
  app.get("/v1/refunds", serve(gate, listRefunds));
  app.get("/v1/refunds/:id", serve(gate, retrieveRefund));
  app.get("/v1/events", serve(gate, listEvents));
  app.get("/v1/events/:id", serve(gate, retrieveEvent));
  mountDisputes(app, gate);
  mountConnect(app, gate);
  mountLedger(app, gate);
};

const listIntents: Operation = ({ world, params }) => {
  only(params, LIST_INTENTS);
  const customer = text(params, "customer");
  return page(world.intents, params, {
    url: "/v1/payment_intents",
    keeps: (item) => customer === undefined || item.customer === customer,
  });
};

const listCharges: Operation = ({ world, params }) => {
  only(params, LIST_CHARGES);
  const customer = text(params, "customer");
  const intent = text(params, "payment_intent");
  const group = text(params, "transfer_group");
  return page(world.charges, params, {
    url: "/v1/charges",
    keeps: (item) =>
      (customer === undefined || item.customer === customer) &&
      (intent === undefined || item.payment_intent === intent) &&
      (group === undefined || item.transfer_group === group),
  });
};

const listRefunds: Operation = ({ world, params }) => {
  only(params, LIST_REFUNDS);
  const intent = text(params, "payment_intent");
  const charge = text(params, "charge");
  return page(world.refunds, params, {
    url: "/v1/refunds",
    keeps: (item) =>
      (intent === undefined || item.payment_intent === intent) &&
      (charge === undefined || item.charge === charge),
  });
};

const retrieveCharge: Operation = ({ world, id }) => {
  const charge = world.charges.get(id);
  if (charge === undefined) throw unknownObject("charge", id, { param: "id" });
  return charge;
};

const listEvents: Operation = ({ world, params }) => {
  only(params, LIST_EVENTS);
  const type = text(params, "type");
  const types = new Set(type === undefined ? texts(params, "types") : [type]);
  const keeps = ({ type: is }: SandboxEvent) => types.size === 0 || types.has(is) || types.has(familyOf(is));
  return page(world.events, params, { url: "/v1/events", keeps });
};

// `payment_intent.*` asks for every event of an object.
const familyOf = (type: string): string => `${type.slice(0, type.lastIndexOf("."))}.*`;

const retrieveEvent: Operation = ({ world, id }) => {
  const event = world.events.get(id);
  if (event === undefined) throw unknownObject("event", id, { param: "id" });
  return event;
};
