import { setTimeout as sleep } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { z } from "zod";
import type { App } from "../parts.ts";
import type { HttpContext } from "../wire/gate.ts";
import { bodyAs, JsonRefusal, jsonRoutes, read } from "../wire/json.ts";
import type { Desk } from "./supplier.ts";

const trouble = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("status"), status: z.int().min(200).max(599) }),
  z.strictObject({ kind: z.literal("slow"), ms: z.int().min(0).max(600_000) }),
  z.strictObject({ kind: z.literal("cut") }),
  z.strictObject({ kind: z.literal("redirect"), to: z.url() }),
]);
const troubles = z.strictObject({ next: z.array(trouble).max(10_000) });
const asking = z.strictObject({ purchaseId: z.string().optional() });
const keying = z.strictObject({ secret: z.string().startsWith("whsec_") });

export const mountSupplier = (app: App, desk: Desk): void => {
  const { supplier } = desk;
  const routes = jsonRoutes();
  const look = () => ({ url: supplier.url, secret: supplier.secret, ...supplier.counts() });
  routes.post("/supplier/hooks", (c) => hear(desk, c));
  routes.get("/sandbox/supplier", (c) => {
    const { purchaseId } = read(asking, c.req.query());
    return c.json({ ...look(), told: supplier.list(purchaseId) });
  });
  routes.post("/sandbox/supplier/secret", async (c) => {
    supplier.setSecret((await bodyAs(c, keying)).secret);
    return c.json(look());
  });
  routes.post("/sandbox/supplier/faults", async (c) => {
    const { next } = await bodyAs(c, troubles);
    supplier.next(...next);
    return c.json({ next });
  });
  routes.delete("/sandbox/supplier", (c) => {
    supplier.clear();
    return c.json(look());
  });
  app.route("/", routes);
};

/** One message: believed or not, then whatever is to go wrong, then taken. */
const hear = async (desk: Desk, c: HttpContext): Promise<Response> => {
  const body = await c.req.text();
  if (!desk.isSigned(body, c.req.header()))
    throw new JsonRefusal(401, "unsigned", "The signature is none of this message by this secret.");
  const trouble = desk.draw();
  if (trouble?.kind === "status") return c.json({ told: false }, trouble.status as 500);
  if (trouble?.kind === "redirect") return c.redirect(trouble.to, 307);
  if (trouble?.kind === "slow") await sleep(trouble.ms);
  desk.take(c.req.header("webhook-id") ?? "", body);
  if (trouble?.kind !== "cut") return c.json({ told: true });
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
};
