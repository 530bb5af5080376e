/** Webhooks are handed on as they came: the signature covers the raw text. Only an event that was kept is answered 2xx. */
import type { Hono } from "hono";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { Charge } from "@shopnexus/contracts/order/charge";
import type { Host } from "../host.ts";
import { askIngress } from "./cards.ts";
import { fault, problem, readRefused } from "./problem.ts";

/**
 * An event is kept in milliseconds; one that is not kept after this is answered 5xx, so that it is sent again. Well
 * within the patience of any gateway, which would otherwise hang up and learn nothing.
 */
const KEPT_WAIT_MS = 5 * SECOND_MS;

export const serveWebhooks = (app: Hono, host: Host): void => {
  if (!host.served.some(({ component }) => component.contract.name === Charge.name)) return;
  app.post("/webhooks/stripe", async (c) => {
    const input = {
      gateway: "stripe",
      payload: await c.req.text(),
      signature: c.req.header("stripe-signature") ?? "",
    };
    const response = await askIngress({
      url: `${host.config.restate.ingressUrl}/${Charge.name}/receive`,
      input,
      waitMs: KEPT_WAIT_MS,
    });
    if (response === undefined) return fault(c, "UNAVAILABLE");
    if (response.ok) return c.json({ received: true });
    const refused = readRefused(response.status, await response.text());
    return refused === undefined ? fault(c, "BAD_GATEWAY") : problem(c, refused);
  });
};
