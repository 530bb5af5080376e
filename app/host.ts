/** One process: the modules that SERVICES names, behind one Restate endpoint and one HTTP edge. */
import * as restate from "@restatedev/restate-sdk";
import { collectDefaultMetrics, Registry } from "prom-client";
import { type Authenticate, authenticator } from "#modules/_kit/authenticate.ts";
import type { Board, Component } from "#modules/_kit/board.ts";
import { cronComponent } from "#modules/_kit/cron.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { type Log, openLog } from "#modules/_kit/log.ts";
import { type Observe, observer } from "#modules/_kit/observe.ts";
import type { ProbeOf } from "#modules/_kit/probe.ts";
import type { Gate } from "#modules/_kit/gate.ts";
import { openRedisGate } from "#modules/_kit/redis-gate.ts";
import { openRedisLock } from "#modules/_kit/redis-lock.ts";
import { serveComponent } from "#modules/_kit/serve.ts";
import { fusedSteps, type HostedSteps } from "#modules/_kit/steps.ts";
import { moduleTokens } from "#modules/_kit/token.ts";
import type { Steps } from "#modules/_kit/invocation.ts";
import { type Database, openDatabase } from "#db/_kit/database.ts";
import type { Config } from "./config.ts";
import { RETRY_POLICY } from "./retry.ts";

export type Served = { readonly module: string; readonly component: Component; readonly hosted: HostedSteps };

export type Host = {
  readonly config: Config;
  readonly log: Log;
  readonly registry: Registry;
  readonly boards: readonly Board[];
  readonly served: readonly Served[];
  readonly steps: Steps;
  readonly authenticate: Authenticate;
  readonly databases: readonly Database[];
  /** Before drops; absent where there is no Redis. */
  readonly gate: Gate | undefined;
  /** The request handler of the Restate endpoint, for an HTTP/2 server. */
  readonly handler: unknown;
  close(): Promise<void>;
};

export type HostOptions = {
  readonly hooks?: restate.HooksProvider[];
  readonly probe?: ProbeOf;
};

/** Binds boards to databases, locks and each other. Nothing listens yet, nothing is connected before it is needed. */
export const openHost = (config: Config, boards: readonly Board[], options: HostOptions = {}): Host => {
  const log = openLog(config.logLevel, { app: "shopnexus", services: config.services.join(",") });
  const lock = openRedisLock(config.redisUrl, log);
  const registry = new Registry();
  const gate = config.redisUrl === undefined ? undefined : openRedisGate(config.redisUrl, log, registry);
  const databases = new Map(boards.map(({ module }) => [module, openModuleDatabase(config, module)]));
  const served = boards.flatMap((board) => {
    const { db } = databases.get(board.module) as Database;
    const world = {
      db,
      lock,
      log: log.child({ module: board.module }),
      settings: config.settings,
      ...(gate !== undefined && { gate }),
    };
    return board.components.map((component) => serve(board.module, component, world));
  });
  const steps = stepsOf(config, served);
  const authenticate = authenticator(config.settings.auth, steps);
  const bound = { config, steps, authenticate, observe: observer(registry), log, options };
  collectDefaultMetrics({ register: registry });
  return {
    config,
    log,
    registry,
    boards,
    served,
    steps,
    authenticate,
    databases: [...databases.values()],
    gate,
    handler: endpointHandler(bound, boards, served),
    close: async () => {
      await Promise.all([...databases.values()].map((database) => database.close()));
      await lock.close();
      gate?.close();
    },
  };
};

const openModuleDatabase = (config: Config, module: string): Database =>
  openDatabase(config.databaseUrls[module] ?? "", { name: module, poolSize: config.databasePool });

type World = Pick<StepScene, "db" | "lock" | "gate" | "log" | "settings">;

const serve = (module: string, component: Component, world: World): Served => ({
  module,
  component,
  hosted: {
    handlers: component.handlers as HostedSteps["handlers"],
    scene: (who, callKey) => ({ ...world, who, callKey }),
  },
});

const stepsOf = (config: Config, served: readonly Served[]): Steps =>
  fusedSteps(
    new Map(served.map(({ component, hosted }) => [component.contract.name, hosted])),
    { ingressUrl: config.restate.ingressUrl, moduleToken: moduleTokens(config.settings) },
    config.isFused,
  );

type Bound = {
  config: Config;
  steps: Steps;
  authenticate: Authenticate;
  observe: Observe;
  log: Log;
  options: HostOptions;
};

const endpointHandler = (bound: Bound, boards: readonly Board[], served: readonly Served[]): unknown => {
  const { config, steps, authenticate, observe, log, options } = bound;
  const components = served.map(({ module, component, hosted }) => {
    const scene = { log: log.child({ module }), settings: config.settings };
    const { isWhole } = config;
    return serveComponent(component, {
      module,
      steps,
      authenticate,
      hosted,
      scene,
      isWhole,
      observe,
      probe: options.probe,
    });
  });
  const crons = boards
    .filter((board) => board.crons.length > 0)
    .map((board) => cronComponent({ board, steps, authenticate }));
  return restate.createEndpointHandler({
    services: [...components, ...crons],
    ...(config.restate.identityKey !== undefined && { identityKeys: [config.restate.identityKey] }),
    defaultServiceOptions: { retryPolicy: RETRY_POLICY, hooks: options.hooks ?? [] },
    logger: toLog(log),
  });
};

/** The SDK's own lines, in our format; the attempts it retries are warnings, refusals are answers. */
const toLog =
  (log: Log): restate.LoggerTransport =>
  (meta, message, ...rest) => {
    const isRefusal = rest.some((part) => part instanceof restate.TerminalError);
    const level = ["error", "warn"].includes(meta.level) && !isRefusal ? "warn" : "debug";
    if (!log.isLevelEnabled(level)) return;
    const fields = { invocation: meta.context?.invocationId, target: meta.context?.invocationTarget };
    const detail = rest.map((part) => (part instanceof Error ? part.message : String(part))).join(" ");
    log[level](fields, `${String(message)} ${detail}`.trim());
  };
