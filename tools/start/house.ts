/** Everything that one shop needs, running: servers, sandbox, product. And the way to kill, restart and stop it. */
import { readConfig } from "#app/config.ts";
import { MODULE_NAMES } from "#app/modules.ts";
import { migrateModule } from "#db/_kit/migrate.ts";
import { type Child, killChild, restartChild, stopChild } from "#tools/dev/child.ts";
import { forgetFarewell, promiseFarewell } from "#tools/dev/farewell.ts";
import { type Progress, timed } from "#tools/dev/progress.ts";
import type { Site } from "#tools/dev/site.ts";
import { type Part, type Stack, startStack } from "#tools/dev/stack.ts";
import { type Seat, seatOf, startAppChild } from "./app.ts";
import { groupsOf } from "./groups.ts";
import { openOutside, type Outside } from "./outside.ts";
import { type Secrets, secretsIn } from "./secrets.ts";

export type HousePart = Part | "app";
export type HouseOptions = { dir: string; isWatched: boolean; progress: Progress };

export type House = {
  readonly stack: Stack;
  readonly outside: Outside;
  readonly seats: readonly Seat[];
  readonly secrets: Secrets;
  /** What the product was started with. */
  readonly environment: Record<string, string>;
  /** Of every process of ours, by name. */
  pids(): Record<string, number>;
  kill(part: HousePart): Promise<void>;
  restart(part: HousePart): Promise<void>;
  stop(): Promise<void>;
};

/** Starts it all; what is running already when something fails is stopped again. */
export const openHouse = async (options: HouseOptions): Promise<House> => {
  const stack = await startStack({ dir: options.dir, progress: options.progress });
  // The stack owns the folder; these are our own children in it.
  const site: Site = {
    dir: options.dir,
    cache: "",
    progress: options.progress,
    children: new Set(),
    isStopping: false,
  };
  const guest = { site, stop: () => (stopping ??= close()) };
  let stopping: Promise<void> | undefined;
  const close = async () => {
    site.isStopping = true;
    const children = [...site.children];
    await Promise.all(
      children.filter(({ plan }) => plan.name !== "sandbox").map((child) => stopChild(site, child)),
    );
    await Promise.all([...site.children].map((child) => stopChild(site, child)));
    await stack.stop();
    forgetFarewell(guest);
  };
  promiseFarewell(guest);
  try {
    return await furnish({ site, stack, options, stop: guest.stop });
  } catch (error) {
    await guest.stop();
    throw error;
  }
};

type Shell = { site: Site; stack: Stack; options: HouseOptions; stop: () => Promise<void> };

const furnish = async ({ site, stack, options, stop }: Shell): Promise<House> => {
  const secrets = secretsIn(site.dir);
  const seats: Seat[] = [];
  for (const group of groupsOf(process.env["SERVICES"])) seats.push(await seatOf(site.dir, group));
  const edgeUrl = seats.find(({ isOrder }) => isOrder)?.edgeUrl ?? "";
  const [outside] = await Promise.all([
    openOutside(site, secrets, edgeUrl),
    timed(options.progress, "migrating", () => migrate(stack)),
  ]);
  const environment = environmentOf(stack, outside, secrets);
  readConfig({ ...process.env, ...environment, SERVICES: "*" });
  const { isWatched } = options;
  const apps = await Promise.all(seats.map((seat) => startAppChild(site, seat, { environment, isWatched })));
  const all = (work: (site: Site, child: Child) => Promise<void>) => async () => {
    await Promise.all(apps.map((child) => work(site, child)));
  };
  const [killApps, restartApps] = [all(killChild), all(restartChild)];
  return {
    stack,
    outside,
    seats,
    secrets,
    environment,
    pids: () => pidsOf(stack, [...site.children]),
    kill: (part) => (part === "app" ? killApps() : stack.kill(part)),
    restart: (part) => (part === "app" ? restartApps() : stack.restart(part)),
    stop,
  };
};

/** The whole shop is migrated here, before any of its processes serves: they may be many. */
const migrate = async ({ postgresUrl }: Stack): Promise<void> => {
  for (const name of MODULE_NAMES)
    await migrateModule(process.env[`DATABASE_URL_${name.toUpperCase()}`] || postgresUrl, name);
};

const environmentOf = (stack: Stack, outside: Outside, secrets: Secrets): Record<string, string> => ({
  DATABASE_URL: stack.postgresUrl,
  REDIS_URL: stack.redisUrl ?? "",
  RESTATE_INGRESS_URL: stack.restate.ingressUrl,
  RESTATE_ADMIN_URL: stack.restate.adminUrl,
  AUTH_PRIVATE_JWK: process.env["AUTH_PRIVATE_JWK"] || secrets.authPrivateJwk,
  AUTH_ISSUER: process.env["AUTH_ISSUER"] || "shopnexus",
  REGISTER: process.env["REGISTER"] || "force",
  ...outside.variables,
});

const pidsOf = (stack: Stack, children: readonly Child[]): Record<string, number> => {
  const named = [
    ...Object.entries(stack.pids),
    ...children.map(({ plan, running }) => [plan.name, running?.pid] as const),
  ];
  return Object.fromEntries(named.filter((entry): entry is [string, number] => entry[1] !== undefined));
};
