import { chmodSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Child, killChild, restartChild, stopChild } from "./child.ts";
import { forgetFarewell, promiseFarewell } from "./farewell.ts";
import { claim, release } from "./owner.ts";
import { startPostgres } from "./postgres.ts";
import type { Progress } from "./progress.ts";
import { projectRoot } from "./project-root.ts";
import { endOrphans } from "./record.ts";
import { startRedis } from "./redis.ts";
import { type RestateUrls, startRestate } from "./restate.ts";
import type { Site } from "./site.ts";

export { freePorts } from "./ports.ts";
export { projectRoot } from "./project-root.ts";

export type Part = "postgres" | "redis" | "restate";

export type StackOptions = {
  dir: string; // holds everything of this stack; relative to the project's root
  parts?: Part[];
  restateEnv?: Record<string, string>;
  postgresSettings?: Record<string, string>;
  progress?: Progress;
};

export type Stack = {
  readonly postgresUrl: string;
  readonly redisUrl: string | undefined;
  readonly restate: RestateUrls;
  readonly pids: Record<Part, number | undefined>;
  kill(part: Part): Promise<void>;
  restart(part: Part): Promise<void>;
  stop(): Promise<void>;
};

const PARTS: Part[] = ["postgres", "redis", "restate"];

/** What one part came to: our child, or somebody else's server (no child), or nothing. */
type Standing = { child?: Child; urls: string[] };
type Standings = Map<Part, Standing>;

/** Starts the servers the shop needs, each unless the environment names one to use instead. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const site = openSite(options);
  claim(site.dir);
  const standings: Standings = new Map();
  const guest = { site, stop: () => (stopping ??= close()) };
  let stopping: Promise<void> | undefined;
  const close = async () => {
    site.isStopping = true;
    await Promise.all([...site.children].map((child) => stopChild(site, child)));
    release(site.dir);
    forgetFarewell(guest);
  };
  promiseFarewell(guest);
  try {
    await endOrphans(site);
    await startParts(site, options, standings);
  } catch (error) {
    await guest.stop();
    throw error;
  }
  return describe(site, standings, guest.stop);
}

function openSite({ dir, progress = () => {} }: StackOptions): Site {
  const site: Site = {
    dir: resolve(projectRoot, dir),
    cache: join(projectRoot, ".shopnexus", "cache"),
    progress,
    children: new Set(),
    isStopping: false,
  };
  try {
    mkdirSync(site.cache, { recursive: true });
    mkdirSync(site.dir, { recursive: true });
    chmodSync(site.dir, 0o700); // passwords and customers' data
  } catch (error) {
    throw new Error(
      `${site.dir} cannot be written (${(error as Error).message}): it may belong to another user of this checkout.`,
      { cause: error },
    );
  }
  return site;
}

async function startParts(site: Site, options: StackOptions, standings: Standings): Promise<void> {
  const parts = [...new Set(options.parts ?? PARTS)];
  const starts = parts.map(async (part) => {
    const standing = external(part) ?? (await start(site, part, options));
    standings.set(part, standing);
  });
  // Every start has settled before a failure is passed on, so that stopping finds all there is.
  for (const outcome of await Promise.allSettled(starts))
    if (outcome.status === "rejected") throw outcome.reason;
}

async function start(site: Site, part: Part, options: StackOptions): Promise<Standing> {
  if (part === "postgres") {
    const { child, url } = await startPostgres(site, options.postgresSettings ?? {});
    return { child, urls: [url] };
  }
  if (part === "redis") {
    const redis = await startRedis(site);
    return redis === undefined ? { urls: [] } : { child: redis.child, urls: [redis.url] };
  }
  const { child, urls } = await startRestate(site, options.restateEnv ?? {});
  return { child, urls: [urls.ingressUrl, urls.adminUrl, urls.metricsUrl] };
}

function external(part: Part): Standing | undefined {
  const setting = (name: string) => process.env[name] || undefined;
  if (part !== "restate") {
    const url = setting(part === "postgres" ? "DATABASE_URL" : "REDIS_URL");
    return url === undefined ? undefined : { urls: [url] };
  }
  const [ingress, admin] = [setting("RESTATE_INGRESS_URL"), setting("RESTATE_ADMIN_URL")];
  if (ingress === undefined && admin === undefined) return undefined;
  if (ingress === undefined || admin === undefined) {
    throw new Error(
      "Set both RESTATE_INGRESS_URL and RESTATE_ADMIN_URL to use a Restate of yours, or neither.",
    );
  }
  const metrics = setting("RESTATE_METRICS_URL") ?? `http://${new URL(admin).hostname}:5122/metrics`;
  // Paths are put behind these, and // is another path.
  return { urls: [ingress, admin, metrics].map((url) => url.replace(/\/+$/, "")) };
}

function describe(site: Site, standings: Standings, stop: () => Promise<void>): Stack {
  const urls = (part: Part) => askFor(standings, part).urls;
  const pid = (part: Part) => standings.get(part)?.child?.running?.pid;
  return {
    get postgresUrl() {
      return urls("postgres")[0] ?? "";
    },
    get redisUrl() {
      return standings.get("redis")?.urls[0];
    },
    get restate() {
      const [ingressUrl = "", adminUrl = "", metricsUrl = ""] = urls("restate");
      return { ingressUrl, adminUrl, metricsUrl };
    },
    get pids() {
      return { postgres: pid("postgres"), redis: pid("redis"), restate: pid("restate") };
    },
    kill: async (part) => killChild(site, ownChild(standings, part)),
    restart: async (part) => restartChild(site, ownChild(standings, part)),
    stop,
  };
}

// An empty address would make a client fall back to whatever listens on the default port: somebody else's data.
function askFor(standings: Standings, part: Part): Standing {
  const standing = standings.get(part);
  if (standing === undefined) throw new Error(`${part} is not among the parts this stack was started with`);
  return standing;
}

function ownChild(standings: Standings, part: Part): Child {
  const { child, urls } = askFor(standings, part);
  if (child !== undefined) return child;
  if (urls.length === 0) throw new Error(`${part} is not running: there is none for this machine`);
  throw new Error(
    `${part} at ${new URL(urls[0] ?? "").host} is not ours to kill or restart: the environment named it`,
  );
}
