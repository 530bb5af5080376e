import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Child, type ChildPlan, startChild } from "./child.ts";
import { onOwnPorts } from "./ports.ts";
import { projectRoot } from "./project-root.ts";
import type { Site } from "./site.ts";

export type RestateUrls = { ingressUrl: string; adminUrl: string; metricsUrl: string };
export type Restate = { child: Child; urls: RestateUrls };

const ANSWER_WITHIN_MS = 500;

export async function startRestate(site: Site, overrides: Record<string, string>): Promise<Restate> {
  return onOwnPorts(site.dir, ["restateIngress", "restateAdmin", "restateNode"], async (ports) => {
    const child = await startChild(site, plan(site, ports, overrides));
    return { child, urls: urlsOf(ports) };
  });
}

function plan(site: Site, ports: number[], overrides: Record<string, string>): ChildPlan {
  const folder = join(site.dir, "restate");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const urls = urlsOf(ports);
  return {
    name: "restate",
    command: findBinary(),
    args: ["--config-file", join(projectRoot, "restate.toml")],
    // Nothing of our own environment: any RESTATE_ variable in it would be a setting.
    env: { PATH: process.env["PATH"] ?? "", HOME: folder, ...settings(folder, ports), ...overrides },
    cwd: folder,
    ports,
    quitSignal: "SIGTERM",
    isReady: async () =>
      (await answers(`${urls.adminUrl}/health`)) && (await answers(`${urls.ingressUrl}/restate/health`)),
  };
}

function settings(folder: string, [ingress, admin, node]: number[]): Record<string, string> {
  return {
    RESTATE_BASE_DIR: folder,
    RESTATE_BIND_IP: "127.0.0.1",
    RESTATE_BIND_PORT: String(node),
    RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${node}/`,
    RESTATE_INGRESS__BIND_PORT: String(ingress),
    RESTATE_INGRESS__ADVERTISED_ADDRESS: `http://127.0.0.1:${ingress}/`, // what the UI calls
    RESTATE_ADMIN__BIND_PORT: String(admin),
    RESTATE_ADMIN__ADVERTISED_ADDRESS: `http://127.0.0.1:${admin}/`,
  };
}

function urlsOf([ingress, admin, node]: number[]): RestateUrls {
  return {
    ingressUrl: `http://127.0.0.1:${ingress}`,
    adminUrl: `http://127.0.0.1:${admin}`,
    metricsUrl: `http://127.0.0.1:${node}/metrics`,
  };
}

// The package's command is a script around this binary; killed with SIGKILL it would leave the server running.
function findBinary(): string {
  const name = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  const path = join(projectRoot, "node_modules", name, "bin", "restate-server");
  if (existsSync(path)) return path;
  throw new Error(
    `There is no package ${name}, so no Restate for this machine: set RESTATE_INGRESS_URL and RESTATE_ADMIN_URL to a Restate of yours.`,
  );
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
