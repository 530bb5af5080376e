import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { type Bank, bankOf } from "./bank.ts";
import { type CarrierOptions, openCarrier, type SandboxCarrier } from "./carrier/carrier.ts";
import { mountControls } from "./controls.ts";
import { mountApi } from "./routes.ts";
import type { App, Part } from "./parts.ts";
import { openRates, type SandboxRates } from "./rates/rates.ts";
import { type MailOptions, openMail, type SandboxMail } from "./smtp/mail.ts";
import { openStore } from "./store.ts";
import { openSupplier, type SandboxSupplier } from "./supplier/supplier.ts";
import type { Faults } from "./weather/faults.ts";
import { unknownUrl } from "./wire/errors.ts";
import { replyTo } from "./wire/gate.ts";
import { makeOnce } from "./wire/idempotency.ts";
import { openVnpay, type SandboxVnpay } from "./vnpay/vnpay.ts";
import type { VnpayOptions } from "./vnpay/world.ts";
import { openWorld, type World } from "./world.ts";

export type SandboxOptions = {
  /** 0, or nothing, takes a free one. */
  port?: number | undefined;
  /** Loopback unless told otherwise: the controls have no key. */
  hostname?: string | undefined;
  secretKey: string;
  webhookSecret: string;
  webhookUrl?: string | undefined;
  /** Event types the webhook wants; all when left out. */
  webhookEvents?: readonly string[] | undefined;
  /** A sqlite file; memory when left out. */
  store?: string | undefined;
  /** Of the fault generator. */
  seed?: number | undefined;
  /** For tests that cannot wait a day. */
  clock?: (() => number) | undefined;
  carrier?: CarrierOptions | undefined;
  mail?: MailOptions | undefined;
  /** Without it nobody can pay by VNPay. */
  vnpay?: VnpayOptions | undefined;
};

export type Sandbox = {
  url: string;
  port: number;
  setWebhookUrl(url: string | undefined, events?: readonly string[]): void;
  faults: Faults;
  bank: Bank;
  carrier: SandboxCarrier;
  mail: SandboxMail;
  rates: SandboxRates;
  supplier: SandboxSupplier;
  vnpay: SandboxVnpay;
  stop(): Promise<void>;
};

// Longer than any client keeps an idle socket, so that it is never ours that closes under a request.
const KEEP_ALIVE_MS = 75_000;

/** Starts the Stripe EMULATOR. It is not Stripe, and it takes nobody's money. */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const store = openStore(options.store ?? ":memory:");
  const world = openWorld({
    store,
    seed: options.seed ?? 1,
    webhookSecret: options.webhookSecret,
    clock: options.clock ?? Date.now,
  });
  // A further corner of the outside world: open it here, add it to the list, give what tests need of it below.
  const { carrier, part: carrierPart } = openCarrier(world, { seed: options.seed, ...options.carrier });
  const { mail, part: mailPart } = openMail(world, { hostname: options.hostname, ...options.mail });
  const { rates, part: ratesPart } = openRates(world);
  const { supplier, part: supplierPart } = openSupplier(world);
  const { vnpay, part: vnpayPart } = openVnpay(world, options.vnpay, options.seed ?? 1);
  const parts: Part[] = [carrierPart, mailPart, ratesPart, supplierPart, vnpayPart];
  world.parts = parts;
  const server = createAdaptorServer({ fetch: makeApp(world, options.secretKey).fetch }) as Server;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const hostname = options.hostname ?? "127.0.0.1";
  const port = await listen(server, options.port ?? 0, hostname);
  // Every interface is no address to send a payer to.
  world.url = `http://${hostname === "0.0.0.0" ? "127.0.0.1" : hostname}:${port}`;
  world.courier.aim(options.webhookUrl, options.webhookEvents);
  world.courier.resume();
  for (const part of parts) await part.start?.();
  return {
    url: world.url,
    port,
    setWebhookUrl: world.courier.aim,
    faults: world.faults,
    bank: bankOf(world),
    carrier,
    mail,
    rates,
    supplier,
    vnpay,
    stop: async () => {
      world.courier.stop();
      for (const part of parts) await part.stop?.();
      await close(server);
      store.close();
    },
  };
};

// The star does not cover the authorization header, so it is named.
const PREFLIGHT = {
  "access-control-allow-headers": "authorization, content-type, idempotency-key, stripe-version",
  "access-control-allow-methods": "GET, POST, DELETE",
};

const makeApp = (world: World, secretKey: string): App => {
  const app: App = new Hono();
  app.use(async (c, next) => {
    c.header("x-emulator", "shopnexus-sandbox");
    // A browser confirms from the shop's own origin, as it does with Stripe.
    c.header("access-control-allow-origin", "*");
    if (c.req.method === "OPTIONS") return c.body(null, 204, PREFLIGHT);
    return next();
  });
  mountApi(app, { world, once: makeOnce(world.replies, world.now), secretKey });
  mountControls(app, world);
  for (const part of world.parts) part.mount?.(app);
  app.notFound((c) => {
    const { status, body } = replyTo(unknownUrl(c.req.method, c.req.path));
    return c.json(body, status as 404);
  });
  app.onError((error, c) => {
    const { status, body } = replyTo(error);
    return c.json(body, status as 500);
  });
  return app;
};

const listen = (server: Server, port: number, hostname: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
