import type { App } from "../parts.ts";
import { type Gate, serve } from "../wire/gate.ts";
import { page } from "../wire/lists.ts";
import { only, text } from "../wire/params.ts";
import type { Operation } from "../world.ts";
import { answerDispute } from "./answer.ts";
import { closeDispute } from "./decide.ts";
import { disputeOf } from "./dispute-of.ts";

const LIST = new Set(["limit", "starting_after", "ending_before", "created", "charge", "payment_intent"]);

export const mountDisputes = (app: App, gate: Gate): void => {
  app.get("/v1/disputes", serve(gate, listDisputes));
  app.get("/v1/disputes/:id", serve(gate, disputeOf));
  app.post("/v1/disputes/:id", serve(gate, answerDispute));
  app.post("/v1/disputes/:id/close", serve(gate, closeDispute));
};

const listDisputes: Operation = ({ world, params }) => {
  only(params, LIST);
  const charge = text(params, "charge");
  const intent = text(params, "payment_intent");
  return page(world.disputes, params, {
    url: "/v1/disputes",
    keeps: (item) =>
      (charge === undefined || item.charge === charge) &&
      (intent === undefined || item.payment_intent === intent),
  });
};
