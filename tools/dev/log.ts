import { existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Site } from "./site.ts";

export type Log = { path: string; descriptor: number; from: number };

const BYTES_MAX = 10_000_000;

/** The part's log, to be written on from where it ends; a long one is put aside first. */
export function openLog(site: Site, name: string): Log {
  const folder = join(site.dir, "logs");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.log`);
  if (existsSync(path) && statSync(path).size > BYTES_MAX) renameSync(path, `${path}.old`);
  const descriptor = openSync(path, "a", 0o600);
  return { path, descriptor, from: statSync(path).size };
}

/** What was logged since, for the sentence that says why a server did not start. */
export function lastLines(log: Log): string {
  const text = readFileSync(log.path).subarray(log.from).toString("utf8");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines
    .slice(-15)
    .map((line) => `  ${line}\n`)
    .join("");
}
