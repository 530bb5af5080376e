/** Webhooks are handed on as they came: the signature covers the raw text. Only an event that was kept is answered 2xx. */
import type { Hono } from "hono";
import { Charge } from "@shopnexus/contracts/order/charge";
import type { Host } from "../host.ts";
import { askIngress } from "./cards.ts";
import { fault, problem, readRefused } from "./problem.ts";

export const serveWebhooks = (app: Hono, host: Host): void => {
  if (!host.served.some(({ component }) => component.contract.name === Charge.name)) return;
  app.post("/webhooks/stripe", async (c) => {
    const input = {
      gateway: "stripe",
      payload: await c.req.text(),
      signature: c.req.header("stripe-signature") ?? "",
    };
    const response = await askIngress(
      `${host.config.restate.ingressUrl}/${Charge.name}/receive`,
      undefined,
      input,
    );
    if (response === undefined) return fault(c, "UNAVAILABLE");
    if (response.ok) return c.json({ received: true });
    const refused = readRefused(response.status, await response.text());
    return refused === undefined ? fault(c, "BAD_GATEWAY") : problem(c, refused);
  });
};
