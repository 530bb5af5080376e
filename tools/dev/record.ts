// What we write down about each running server, so that the next run can end it if this one is killed.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { end, isAlive, type Process } from "./process.ts";
import type { Site } from "./site.ts";

type Entry = Process & { quitSignal: NodeJS.Signals };

const QUIT_GRACE_MS = 8_000;

export function writeRecord(site: Site, name: string, entry: Entry): void {
  mkdirSync(runFolder(site), { recursive: true });
  writeFileSync(recordPath(site, name), JSON.stringify(entry));
}

export function dropRecord(site: Site, name: string): void {
  rmSync(recordPath(site, name), { force: true });
}

/** Ends what an owner that was itself killed has left running in this folder. */
export async function endOrphans(site: Site): Promise<void> {
  const folder = runFolder(site);
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const orphan = readRecord(join(folder, file));
    if (orphan !== undefined && isAlive(orphan)) {
      site.progress(
        `${basename(file, ".json")}: ending process ${orphan.pid}, left over from a run that was killed`,
      );
      await end(orphan, orphan.quitSignal, QUIT_GRACE_MS);
    }
    rmSync(join(folder, file), { force: true });
  }
}

function readRecord(path: string): Entry | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Entry;
  } catch {
    return undefined; // Cut short by a crash: then the kernel ended that process, or its port is simply not free.
  }
}

function recordPath(site: Site, name: string): string {
  return join(runFolder(site), `${name}.json`);
}

function runFolder(site: Site): string {
  return join(site.dir, "run");
}
