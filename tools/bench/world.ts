/** All that the bench measures, in a folder of its own: servers, sandbox, product, and a service that does nothing. */
import { STRIPE_EVENTS } from "@shopnexus/contracts/order/payment";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { MODULE_NAMES } from "#app/modules.ts";
import { migrateModule } from "#db/_kit/migrate.ts";
import { type Child, type ChildPlan, startChild, stopChild } from "#tools/dev/child.ts";
import { forgetFarewell, promiseFarewell } from "#tools/dev/farewell.ts";
import { claim, release } from "#tools/dev/owner.ts";
import type { Progress } from "#tools/dev/progress.ts";
import type { Site } from "#tools/dev/site.ts";
import { freePorts, projectRoot, type Stack, startStack } from "#tools/dev/stack.ts";

const BENCH_DIR = join(projectRoot, ".shopnexus", "bench");

export type World = {
  readonly stack: Stack;
  readonly site: Site;
  readonly isProfiled: boolean;
  stop(): Promise<void>;
};

/** A product of its own, with a database and a sandbox that nothing was bought at before. */
export type BenchShop = {
  readonly ingressUrl: string;
  readonly sandboxUrl: string;
  readonly edgeUrl: string;
  readonly databaseUrl: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly pids: Readonly<Record<string, number>>;
  /** Where the product's inspector listens, when it is profiled. */
  readonly inspectPort: number;
  stop(): Promise<void>;
};

/** Servers that somebody else runs could be neither read from /proc nor called ours in a table. */
const OTHERS = [
  "DATABASE_URL",
  "REDIS_URL",
  "RESTATE_INGRESS_URL",
  "RESTATE_ADMIN_URL",
  "RESTATE_METRICS_URL",
];

export const openWorld = async (progress: Progress, isProfiled: boolean): Promise<World> => {
  for (const name of OTHERS) delete process.env[name];
  clear();
  const stack = await startStack({ dir: BENCH_DIR, progress, ...(isProfiled && PROFILED) });
  const site: Site = { dir: BENCH_DIR, cache: "", progress, children: new Set(), isStopping: false };
  const stop = async () => {
    await Promise.all([...site.children].map((child) => stopChild(site, child)));
    await stack.stop();
    forgetFarewell(guest);
  };
  const guest = { site, stop };
  promiseFarewell(guest);
  return { stack, site, isProfiled, stop };
};

/** Yesterday's invocations would be retried through today's numbers. */
const clear = (): void => {
  mkdirSync(BENCH_DIR, { recursive: true });
  claim(BENCH_DIR);
  rmSync(join(BENCH_DIR, "restate"), { recursive: true, force: true });
  release(BENCH_DIR);
};

/** Statements are counted, and journals kept that are else forgotten when they are over. */
const PROFILED = {
  postgresSettings: {
    shared_preload_libraries: "pg_stat_statements",
    "pg_stat_statements.track_planning": "on",
  },
  restateEnv: { RESTATE_DEFAULT_JOURNAL_RETENTION: "1h" },
};

const plan = (
  name: string,
  args: string[],
  rest: Pick<ChildPlan, "env" | "ports" | "isReady">,
): ChildPlan => ({
  name,
  command: process.execPath,
  args,
  cwd: projectRoot,
  quitSignal: "SIGTERM",
  ...rest,
});

export const openBenchShop = async (world: World, name: string, fuse: "on" | "off"): Promise<BenchShop> => {
  const [endpointPort = 0, edgePort = 0, sandboxPort = 0, smtpPort = 0, inspectPort = 0] = await freePorts(5);
  const databaseUrl = await freshDatabase(world.stack.postgresUrl, `bench_${name}`);
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const environment = environmentOf(world.stack, {
    databaseUrl,
    sandboxUrl,
    smtpPort,
    endpointPort,
    edgePort,
    fuse,
  });
  const start = (one: ChildPlan) => startChild(world.site, one);
  const path = process.env["PATH"] ?? "";
  const sandbox = await start(
    sandboxPlan({ environment, path, sandboxUrl, sandboxPort, smtpPort, edgePort }),
  );
  const flags = world.isProfiled ? [`--inspect=127.0.0.1:${inspectPort}`] : [];
  const app = await start(
    plan("app", [...flags, "app/main.ts"], {
      env: { ...environment, PATH: path },
      ports: [endpointPort, edgePort],
      isReady: () => answers(`http://127.0.0.1:${edgePort}/ready`),
    }),
  );
  return {
    ingressUrl: world.stack.restate.ingressUrl,
    sandboxUrl,
    edgeUrl: `http://127.0.0.1:${edgePort}`,
    databaseUrl,
    environment,
    pids: pidsOf(world, { app, sandbox }),
    inspectPort,
    stop: async () => {
      await stopChild(world.site, app);
      await stopChild(world.site, sandbox);
    },
  };
};

type SandboxPlace = {
  environment: Record<string, string>;
  path: string;
  sandboxUrl: string;
  sandboxPort: number;
  smtpPort: number;
  edgePort: number;
};

/** The world outside, told where the product hears of payments and parcels. */
const sandboxPlan = (place: SandboxPlace): ChildPlan => {
  const { environment, path, sandboxUrl, sandboxPort, smtpPort, edgePort } = place;
  const hooks = `http://127.0.0.1:${edgePort}/webhooks`;
  return plan("sandbox", ["tools/sandbox/main.ts"], {
    env: {
      ...environment,
      PATH: path,
      SANDBOX_PORT: String(sandboxPort),
      WEBHOOK_URL: `${hooks}/stripe`,
      WEBHOOK_EVENTS: STRIPE_EVENTS.join(),
      CARRIER_WEBHOOK_URL: `${hooks}/carrier`,
      // Parcels arrive as soon as they are booked.
      CARRIER_AUTO_MS: "0",
      SMTP_PORT: String(smtpPort),
    },
    ports: [sandboxPort, smtpPort],
    isReady: () => answers(`${sandboxUrl}/sandbox/state`),
  });
};

type Places = {
  databaseUrl: string;
  sandboxUrl: string;
  smtpPort: number;
  endpointPort: number;
  edgePort: number;
  fuse: string;
};

const environmentOf = (stack: Stack, places: Places): Record<string, string> => ({
  DATABASE_URL: places.databaseUrl,
  REDIS_URL: stack.redisUrl ?? "",
  RESTATE_INGRESS_URL: stack.restate.ingressUrl,
  RESTATE_ADMIN_URL: stack.restate.adminUrl,
  STRIPE_SECRET_KEY: "sk_test_bench_secret",
  STRIPE_WEBHOOK_SECRET: "whsec_bench_secret",
  STRIPE_API_URL: places.sandboxUrl,
  CARRIER_API_URL: `${places.sandboxUrl}/carrier/v1`,
  CARRIER_SECRET: "carrier_bench_secret",
  SMTP_URL: `smtp://127.0.0.1:${places.smtpPort}`,
  EXCHANGE_API_URL: places.sandboxUrl,
  // Sellers are paid as soon as the goods are there.
  DEADLINES: "escrowMs=1",
  PAYOUT_MINIMUM_UNITS: "1",
  PAYOUT_APPROVAL_UNITS: "1000000",
  AUTH_PRIVATE_JWK: JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" })),
  ENDPOINT_PORT: String(places.endpointPort),
  EDGE_PORT: String(places.edgePort),
  FUSE: places.fuse,
  REGISTER: "force",
  LOG_LEVEL: "warn",
  NODE_ENV: "production",
});

/** The service that does nothing, for what Restate alone can do here. */
export const openNoop = (world: World): Promise<Child> => openEndpoint(world, "noop");

/** An endpoint of the bench's own, in a process of its own. */
export const openEndpoint = async (
  world: World,
  name: "noop" | "queue",
  rest: Record<string, string> = {},
): Promise<Child> => {
  const [port = 0] = await freePorts(1);
  const env = { PATH: process.env["PATH"] ?? "", PORT: String(port), ...rest };
  const register = async (): Promise<boolean> => {
    const response = await fetch(`${world.stack.restate.adminUrl}/deployments`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ uri: `http://127.0.0.1:${port}` }),
    });
    await response.arrayBuffer();
    return response.ok;
  };
  return startChild(
    world.site,
    plan(name, ["tools/bench/main.ts", name], { env, ports: [port], isReady: register }),
  );
};

/** Inventory alone, in a process of its own; gives what its environment is. */
export const openInventory = async (world: World, databaseUrl: string): Promise<Record<string, string>> => {
  const [endpointPort = 0, edgePort = 0] = await freePorts(2);
  const places = { databaseUrl, sandboxUrl: "http://127.0.0.1:1", smtpPort: 1, endpointPort, edgePort };
  const environment = { ...environmentOf(world.stack, { ...places, fuse: "on" }), SERVICES: "inventory" };
  await startChild(
    world.site,
    plan("inventory", ["app/main.ts"], {
      env: { ...environment, PATH: process.env["PATH"] ?? "" },
      ports: [endpointPort, edgePort],
      isReady: () => answers(`http://127.0.0.1:${edgePort}/ready`),
    }),
  );
  return environment;
};

export const pidsOf = ({ stack }: World, children: Record<string, Child>): Record<string, number> => {
  const { restate, postgres: database, redis } = stack.pids;
  const running = Object.entries(children).map(([name, child]) => [name, child.running?.pid]);
  const all = { ...Object.fromEntries(running), restate, postgres: database, redis } as Record<
    string,
    number | undefined
  >;
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
};

export const freshDatabase = async (ownerUrl: string, name: string): Promise<string> => {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  await owner.unsafe(`drop database if exists ${name} with (force)`);
  await owner.unsafe(`create database ${name}`);
  await owner.end();
  const url = Object.assign(new URL(ownerUrl), { pathname: `/${name}` }).toString();
  for (const module of MODULE_NAMES) await migrateModule(url, module);
  return url;
};

const answers = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
};
