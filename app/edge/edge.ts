/** The HTTP edge: health, metrics, http cards, webhooks, and the reference page. It holds no logic. */
import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import { sql } from "drizzle-orm";
import { CommonRefusals } from "@shopnexus/contracts/kit/refusal";
import { IMPORT_BYTES_MAX } from "@shopnexus/contracts/inventory/import";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { publicJwk } from "#modules/_kit/token.ts";
import type { Listening } from "../endpoint.ts";
import type { Host } from "../host.ts";
import { serveCards } from "./cards.ts";
import { serveDoor } from "./drop/door.ts";
import { serveEvents } from "./drop/events.ts";
import { fault, problem } from "./problem.ts";
import { limited } from "./incoming.ts";
import { serveImports } from "./imports.ts";
import { serveReference } from "./reference.ts";
import { serveWebhooks } from "./webhooks.ts";

/** The largest body that any card takes, with room: 100 lines are about 20 kB. */
const MEGABYTE = 1024 * 1024;
const BODY_BYTES_MAX = MEGABYTE;

export type Readiness = { isReady: boolean };

export const edgeApp = (host: Host, readiness: Readiness): Hono => {
  const app = new Hono();
  app.use(secureHeaders());
  serveImports(app, { host, refuseLarge: refuseLarge(IMPORT_BYTES_MAX) });
  const tooLarge = refuseLarge(BODY_BYTES_MAX);
  app.use(limited(BODY_BYTES_MAX, tooLarge, bodyLimit({ maxSize: BODY_BYTES_MAX, onError: tooLarge })));
  app.get("/health", (c) => c.json({ status: "up" }));
  app.get("/ready", async (c) => {
    const isReady = readiness.isReady && (await reachesDatabases(host));
    return c.json(
      { status: isReady ? "ready" : "not ready", services: host.config.services },
      isReady ? 200 : 503,
    );
  });
  app.get("/metrics", async (c) =>
    c.text(await host.registry.metrics(), 200, { "content-type": host.registry.contentType }),
  );
  app.get("/.well-known/jwks.json", (c) => c.json({ keys: [publicJwk(host.config.settings.auth)] }));
  serveDoor(app, host);
  serveEvents(app, host);
  serveCards(app, host);
  serveWebhooks(app, host);
  serveReference(app, host);
  app.notFound((c) =>
    problem(c, { ...CommonRefusals.NOT_FOUND, message: CommonRefusals.NOT_FOUND.says, data: {} }),
  );
  app.onError((error, c) => {
    host.log.error({ reason: error.message, path: c.req.path }, "the edge failed");
    return fault(c, "FAULT");
  });
  return app;
};

/** The rest of the body is never read, so the connection is of no more use; said aloud, no client sends on it again. */
const refuseLarge =
  (bytesMax: number) =>
  (c: Context): Response => {
    c.header("connection", "close");
    const message = `The body is larger than ${bytesMax / MEGABYTE} megabyte.`;
    return problem(c, { code: "BODY_TOO_LARGE", status: 413, message, data: { bytesMax } });
  };

const reachesDatabases = async ({ databases }: Host): Promise<boolean> => {
  const answers = await Promise.allSettled(databases.map(({ db }) => db.execute(sql`select 1`)));
  return answers.every(({ status }) => status === "fulfilled");
};

export const openEdge = (host: Host, readiness: Readiness): Promise<Listening> => {
  const { edgeHost, edgePort } = host.config;
  return new Promise((resolve, reject) => {
    const server = serve(
      { fetch: edgeApp(host, readiness).fetch, hostname: edgeHost, port: edgePort },
      ({ port }) => resolve({ port, stop: () => drain(server as Server) }),
    );
    server.once("error", reject);
  });
};

/** Requests that are still answered get a moment; a client that keeps sending on its connection does not keep us. */
const DRAIN_MS = 3 * SECOND_MS;

const drain = async (server: Server): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(cut);
};
