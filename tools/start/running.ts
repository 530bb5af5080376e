/** What a running shop tells the tools that act on it: addresses, pids, keys. In its folder, for its owner's eyes only. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { findProcess, isAlive } from "#tools/dev/process.ts";
import { writePrivate } from "./private-file.ts";

export const Urls = z.object({
  edge: z.string(),
  /** Of the second process, where SERVICES named some modules only. */
  edgeOfTheRest: z.string().optional(),
  reference: z.string(),
  restateUi: z.string(),
  ingress: z.string(),
  restateAdmin: z.string(),
  gateway: z.string(),
  /** Where people read what the shop mailed. */
  mails: z.string().optional(),
  metrics: z.string(),
});

const Running = z.object({
  owner: z.object({ pid: z.number(), startedAt: z.string() }),
  urls: Urls,
  pids: z.record(z.string(), z.number()),
  control: z.object({ url: z.string(), token: z.string() }),
  gateway: z.object({ isEmulator: z.boolean(), browserKey: z.string().optional() }),
  auth: z.object({ privateJwk: z.string(), issuer: z.string() }),
  /** What its processes were started with. */
  environment: z.record(z.string(), z.string()),
  /** Of every seeded account. */
  password: z.string(),
});
export type Running = z.infer<typeof Running>;

const pathIn = (dir: string): string => join(dir, "stack.json");

export const announce = (dir: string, shop: Omit<Running, "owner">): void =>
  writePrivate(pathIn(dir), { owner: findProcess(process.pid), ...shop });

export const withdraw = (dir: string): void => rmSync(pathIn(dir), { force: true });

/** The shop that runs in this folder; undefined when none does, also when one was killed without a farewell. */
export const runningIn = (dir: string): Running | undefined => {
  if (!existsSync(pathIn(dir))) return undefined;
  const running = Running.parse(JSON.parse(readFileSync(pathIn(dir), "utf8")));
  return isAlive(running.owner) ? running : undefined;
};
