import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, type ChildPlan, startChild } from "./child.ts";
import { type Cluster, DATABASE, OWNER, openCluster } from "./cluster.ts";
import { onOwnPorts } from "./ports.ts";
import type { Site } from "./site.ts";

export type Postgres = { child: Child; url: string };

const SETTINGS: Record<string, string> = {
  max_connections: "200", // the whole shop in one process, and its tests beside it
  shared_preload_libraries: "pg_stat_statements",
};

export async function startPostgres(site: Site, settings: Record<string, string>): Promise<Postgres> {
  const cluster = await openCluster(site);
  return onOwnPorts(site.dir, ["postgres"], async ([port = 0]) => {
    const child = await startChild(site, plan(cluster, port, { ...SETTINGS, ...settings }));
    return { child, url: `postgres://${OWNER}:${cluster.password}@127.0.0.1:${port}/${DATABASE}` };
  });
}

function plan(cluster: Cluster, port: number, settings: Record<string, string>): ChildPlan {
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return {
    name: "postgres",
    prefix: cluster.account.prefix,
    command: cluster.binary,
    // No unix socket: its path would have to be short, and two clusters could meet in /tmp.
    args: ["-D", cluster.data, "-p", String(port), "-h", "127.0.0.1", "-k", "", ...options],
    env: cluster.env,
    cwd: cluster.data,
    ports: [port],
    quitSignal: "SIGINT", // its fast stop; SIGTERM would wait for every client to leave
    prepare: () => disownLock(cluster.data),
    isReady: async (pid) => isReady(cluster.data, pid),
  };
}

// After a crash the lock file names a dead pid, which somebody else may have by now, and Postgres would refuse to start.
// It takes its parent's pid for stale, and still checks by shared memory that nobody works on the files.
function disownLock(data: string): void {
  const path = join(data, "postmaster.pid");
  if (!existsSync(path)) return;
  const [, ...rest] = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, [String(process.pid), ...rest].join("\n"));
}

// What pg_ctl looks at: the first line is the pid, the eighth the state.
function isReady(data: string, pid: number): boolean {
  const path = join(data, "postmaster.pid");
  if (!existsSync(path)) return false;
  const lines = readFileSync(path, "utf8").split("\n");
  return lines[0] === String(pid) && lines[7]?.trim() === "ready";
}
