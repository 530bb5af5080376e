/** Two clocks: the wall's, and that of the CPU, which stands still while neighbours have the cores. */
import { sql } from "drizzle-orm";
import { readFileSync } from "node:fs";
import type { Db } from "#db/_kit/database.ts";
import { percentile, round } from "../rules.ts";
import type { Timings } from "./rules.ts";

const NS_PER_MS = 1_000_000;

type CpuMs = () => number;

/** What this process and the one behind the only connection have had of the CPU. Source: proc(5), schedstat, nanoseconds. */
export const clockOf = async (db: Db): Promise<CpuMs> => {
  const [backend] = await db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  const path = `/proc/${backend?.pid}/schedstat`;
  return () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000 + Number(readFileSync(path, "utf8").split(" ")[0]) / NS_PER_MS;
  };
};

type Run = { readonly rounds: number; readonly prices: number; readonly clock: CpuMs };
type Priced = { readonly applied: readonly unknown[] };

/** After some prices to warm up, the quietest of some rounds by each clock: the machine has neighbours. */
export const timed = async (ask: () => Promise<Priced>, run: Run): Promise<Timings & { applied: number }> => {
  for (let count = 0; count < run.prices / 2; count++) await ask();
  const all: Timings[] = [];
  for (let nth = 0; nth < run.rounds; nth++) all.push(await roundOf(ask, run));
  const least = (key: keyof Timings): number => Math.min(...all.map((one) => one[key]));
  return {
    p50Ms: least("p50Ms"),
    p99Ms: least("p99Ms"),
    cpuP50Ms: least("cpuP50Ms"),
    cpuP99Ms: least("cpuP99Ms"),
    applied: (await ask()).applied.length,
  };
};

const roundOf = async (ask: () => Promise<Priced>, { prices, clock }: Run): Promise<Timings> => {
  const [walls, cpus]: [number[], number[]] = [[], []];
  for (let count = 0; count < prices; count++) {
    const [cpu, begun] = [clock(), performance.now()];
    await ask();
    walls.push(performance.now() - begun);
    cpus.push(clock() - cpu);
  }
  for (const times of [walls, cpus]) times.sort((a, b) => a - b);
  const of = (times: readonly number[], share: number) => round(percentile(times, share), 2);
  return {
    p50Ms: of(walls, 0.5),
    p99Ms: of(walls, 0.99),
    cpuP50Ms: of(cpus, 0.5),
    cpuP99Ms: of(cpus, 0.99),
  };
};
