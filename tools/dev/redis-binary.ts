// npm has no Redis server, so one is looked for on PATH, and else taken out of Debian's packages, without installing them.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { timed } from "./progress.ts";
import type { Site } from "./site.ts";

export type RedisBinary = { command: string; env: Record<string, string> };

const NAMES = ["redis-server", "valkey-server"];
const PACKAGES = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1"];
const APT_TIMEOUT_MS = 120_000;

const run = promisify(execFile);

/** The binary, or the reason why there is none. */
export async function findRedis(site: Site): Promise<RedisBinary | string> {
  const env = { PATH: process.env["PATH"] ?? "" };
  for (const name of NAMES) {
    const command = onPath(name);
    if (command !== undefined && (await works({ command, env }))) return { command, env };
  }
  const folder = join(site.cache, "redis");
  if (existsSync(folder)) {
    const cached = extracted(folder);
    if (await works(cached)) return cached;
    rmSync(folder, { recursive: true, force: true });
  }
  if (onPath("apt-get") === undefined || onPath("dpkg") === undefined) {
    return "there is no redis-server or valkey-server on PATH, and no apt-get to fetch one with";
  }
  return timed(site.progress, "Redis: fetching Debian's redis-server (once)", () =>
    fetchRedis(site.cache, folder),
  );
}

async function fetchRedis(cache: string, folder: string): Promise<RedisBinary | string> {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "redis-making-"));
  try {
    await download(work);
    const packages = readdirSync(work).filter((name) => name.endsWith(".deb"));
    const root = join(work, "root");
    for (const name of packages) await run("dpkg", ["-x", join(work, name), root]);
    if (!(await works(extracted(root))))
      return "the redis-server of this system's packages does not start without installing it";
    if (!existsSync(folder)) renameSync(root, folder);
    return extracted(folder);
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return `apt-get could not fetch redis-server (${(stderr?.trim() || message).split("\n").at(-1)})`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function download(work: string): Promise<void> {
  const fetch = (options: string[]) =>
    run("apt-get", ["-q", "-o", "APT::Sandbox::User=root", ...options, "download", ...PACKAGES], {
      cwd: work,
      timeout: APT_TIMEOUT_MS,
    });
  try {
    await fetch([]);
  } catch {
    // Minimal images ship without package lists. We fetch a private set, which needs no root and changes nothing outside.
    const own = ["-o", `Dir::State::Lists=${join(work, "lists")}`, "-o", `Dir::Cache=${join(work, "apt")}`];
    mkdirSync(join(work, "lists", "partial"), { recursive: true });
    mkdirSync(join(work, "apt", "archives", "partial"), { recursive: true });
    await run("apt-get", ["-q", "-o", "APT::Sandbox::User=root", ...own, "update"], {
      cwd: work,
      timeout: APT_TIMEOUT_MS,
    });
    await fetch(own);
  }
}

function extracted(root: string): RedisBinary {
  const libraries = join(root, "usr", "lib");
  const folders = existsSync(libraries)
    ? readdirSync(libraries).filter((name) => name.includes("linux"))
    : [];
  const path = folders.map((name) => join(libraries, name)).join(":");
  return {
    command: join(root, "usr", "bin", "redis-server"),
    env: { PATH: process.env["PATH"] ?? "", LD_LIBRARY_PATH: path },
  };
}

async function works({ command, env }: RedisBinary): Promise<boolean> {
  return run(command, ["--version"], { env }).then(
    () => true,
    () => false,
  );
}

function onPath(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
