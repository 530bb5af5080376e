/** A whole shop for a test file: its own database, Restate and world outside; the product in this process or in many. */
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { inject } from "vitest";
import postgres from "postgres";
import { type Config, readConfig } from "#app/config.ts";
import type { HostOptions } from "#app/host.ts";
import { loadBoards, MODULE_NAMES, type ModuleName } from "#app/modules.ts";
import { type App, startApp } from "#app/start.ts";
import { bundled } from "#tools/bundle.ts";
import { freePorts, projectRoot, type Stack, startStack } from "#tools/dev/stack.ts";
import type { Sandbox } from "#tools/sandbox/server.ts";
import { migratedDatabase } from "./database.ts";
import { dropFolder, testFolder } from "./folders.ts";
import { openOutside } from "./outside.ts";

export type TestShop = {
  readonly ingressUrl: string;
  readonly adminUrl: string;
  readonly databaseUrl: string;
  readonly sandbox: Sandbox;
  readonly sql: postgres.Sql;
  readonly stack: Stack;
  readonly environment: Readonly<Record<string, string>>;
  readonly secretKey: string;
  /** The edge of the process that serves a module. */
  edgeUrl(module?: ModuleName): string;
  /** The app in this process; undefined where the product runs in processes of its own. */
  readonly app: App | undefined;
  /** Kills the processes of the product with SIGKILL; `begin` starts them again at the same addresses. */
  kill(): Promise<void>;
  begin(): Promise<void>;
  /** Stops the product's processes and starts it in another topology, at other addresses, on the same stack. */
  become(topology: Topology): Promise<void>;
  stop(): Promise<void>;
};

export type Topology = {
  /** Which modules share a process; one list is everything in one. */
  readonly groups: readonly (readonly ModuleName[])[];
  readonly fuse: "on" | "off";
  /** In this process, where coverage, probes and debuggers reach it; or each group in a child of its own. */
  readonly where: "here" | "children";
};

export const WHOLE: Topology = { groups: [MODULE_NAMES], fuse: "on", where: "here" };
export const WHOLE_CHILD: Topology = { ...WHOLE, where: "children" };
export const UNFUSED: Topology = { ...WHOLE, fuse: "off" };
export const SPLIT: Topology = { groups: MODULE_NAMES.map((name) => [name]), fuse: "on", where: "children" };

export type ShopOptions = HostOptions & {
  readonly restateEnv?: Record<string, string>;
  readonly logLevel?: string;
  /** Told what processes of their own write, in place of our own output. */
  readonly onOutput?: (text: string) => void;
  /** What a child runs; the product's own main unless a test needs one that misbehaves. */
  readonly main?: string;
  /** More variables for the product. */
  readonly environment?: Readonly<Record<string, string>>;
};

export const openShop = async (topology: Topology = WHOLE, options: ShopOptions = {}): Promise<TestShop> => {
  const dir = testFolder("shop");
  const stack = await startStack({
    dir,
    parts: ["restate"],
    ...(options.restateEnv && { restateEnv: options.restateEnv }),
  });
  const databaseUrl = await migratedDatabase(MODULE_NAMES);
  const { sandbox, secretKey, variables, aim } = await openOutside();
  const environment = baseEnvironment({ stack, databaseUrl, variables, options });
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => undefined });
  const product = await openProduct(topology, environment, options);
  const listen = () => aim(product.edgeUrl("order"));
  listen();
  return {
    ingressUrl: stack.restate.ingressUrl,
    adminUrl: stack.restate.adminUrl,
    databaseUrl,
    sandbox,
    sql,
    stack,
    environment,
    secretKey,
    edgeUrl: product.edgeUrl,
    get app() {
      return product.app();
    },
    kill: product.kill,
    begin: product.begin,
    become: async (next) => {
      await product.become(next);
      listen();
    },
    stop: async () => {
      // Nobody asks Restate again: asked to stop, it would wait for attempts that nobody serves any more.
      await stack.kill("restate");
      await product.stop();
      await sandbox.stop();
      await sql.end();
      await stack.stop();
      await dropFolder(dir);
    },
  };
};

/** The product's processes, as one thing that can be killed, begun again and split or merged. */
const openProduct = async (first: Topology, environment: Record<string, string>, options: HostOptions) => {
  let cast: Cast = { topology: first, places: await placesOf(first) };
  let running = await begin(cast, environment, options);
  return {
    app: () => running.app,
    edgeUrl: (module: ModuleName = "order") =>
      `http://127.0.0.1:${cast.places.find(({ modules }) => modules.includes(module))?.edgePort ?? 0}`,
    kill: () => running.kill(),
    begin: async () => {
      running = await begin(cast, environment, options);
    },
    become: async (next: Topology) => {
      await running.stop();
      cast = { topology: next, places: await placesOf(next) };
      running = await begin(cast, environment, options);
    },
    stop: () => running.stop(),
  };
};

type Base = {
  stack: Stack;
  databaseUrl: string;
  /** Of the world outside. */
  variables: Readonly<Record<string, string>>;
  options: ShopOptions;
};

const baseEnvironment = ({ stack, databaseUrl, variables, options }: Base): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  DATABASE_POOL: "8",
  REDIS_URL: inject("redisUrl") ?? "",
  RESTATE_INGRESS_URL: stack.restate.ingressUrl,
  RESTATE_ADMIN_URL: stack.restate.adminUrl,
  ...variables,
  AUTH_PRIVATE_JWK: JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" })),
  REGISTER: "force",
  LOG_LEVEL: options.logLevel ?? "silent",
  ...options.environment,
});

type Place = { modules: readonly ModuleName[]; endpointPort: number; edgePort: number };

const placesOf = async ({ groups }: Topology): Promise<Place[]> => {
  const ports = await freePorts(groups.length * 2);
  return groups.map((modules, at) => ({
    modules,
    endpointPort: ports[at * 2] ?? 0,
    edgePort: ports[at * 2 + 1] ?? 0,
  }));
};

type Running = { app: App | undefined; kill(): Promise<void>; stop(): Promise<void> };

type Cast = { topology: Topology; places: readonly Place[] };

const begin = async (
  { topology, places }: Cast,
  base: Record<string, string>,
  options: ShopOptions,
): Promise<Running> => {
  const environments = places.map(({ modules, endpointPort, edgePort }) => ({
    ...base,
    SERVICES: modules.join(","),
    FUSE: topology.fuse,
    ENDPOINT_PORT: String(endpointPort),
    EDGE_PORT: String(edgePort),
  }));
  if (topology.where === "children") return beginChildren(environments, options);
  const apps = await Promise.all(
    environments.map((environment) => beginHere(readConfig(environment), options)),
  );
  const stop = async () => {
    await Promise.all(apps.map((app) => app.stop()));
  };
  return { app: apps[0], kill: stop, stop };
};

const beginHere = async (config: Config, options: HostOptions): Promise<App> =>
  startApp(config, await loadBoards(config.services), options);

const beginChildren = async (
  environments: readonly Record<string, string>[],
  { onOutput, main = "app/main.ts" }: ShopOptions,
): Promise<Running> => {
  const children = environments.map((environment) =>
    spawn(process.execPath, [bundled(main, inject("programs"))], {
      cwd: projectRoot,
      env: { ...process.env, ...environment },
      stdio: onOutput === undefined ? "inherit" : ["ignore", "pipe", "pipe"],
    }),
  );
  for (const stream of children.flatMap(({ stdout, stderr }) => [stdout, stderr]))
    stream?.on("data", (chunk: Buffer) => onOutput?.(chunk.toString()));
  const end = (signal: NodeJS.Signals) => async () => {
    await Promise.all(children.map((child) => ended(child, signal)));
  };
  try {
    await Promise.all(environments.map(({ EDGE_PORT }) => ready(`http://127.0.0.1:${EDGE_PORT}`)));
  } catch (error) {
    await end("SIGKILL")();
    throw error;
  }
  return { app: undefined, kill: end("SIGKILL"), stop: end("SIGTERM") };
};

const ended = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
};

const READY_WAIT_MS = 120_000;

const ready = async (edgeUrl: string): Promise<void> => {
  const deadlineMs = Date.now() + READY_WAIT_MS;
  for (;;) {
    const response = await fetch(`${edgeUrl}/ready`).catch(() => undefined);
    if (response?.ok) return;
    if (Date.now() > deadlineMs) throw new Error(`${edgeUrl} was not ready within ${READY_WAIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
