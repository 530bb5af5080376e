/** What the kernel says of processes: CPU and memory, of a process and all that came of it. Linux only. */
import { readdirSync, readFileSync } from "node:fs";

/** The kernel counts CPU in these, on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

type Stat = { parent: number; ticks: number };

const statOf = (pid: number): Stat | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold spaces and brackets itself: count from the last one.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // utime, stime, and those of children that are gone.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), ticks };
  } catch {
    return undefined;
  }
};

const familyOf = (pid: number): Map<number, Stat> => {
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  const all = new Map(pids.map((one) => [one, statOf(one)]));
  const family = new Map<number, Stat>();
  const visit = (one: number): void => {
    const stat = all.get(one);
    if (stat === undefined) return;
    family.set(one, stat);
    for (const [child, childStat] of all) if (childStat?.parent === one) visit(child);
  };
  visit(pid);
  return family;
};

/** Seconds of CPU that the process and its children have used, those that are gone included. */
export const cpuSeconds = (pid: number): number =>
  [...familyOf(pid).values()].reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_A_SECOND;

export type Memory = { rssMiB: number; pssMiB: number };

/** Resident memory. Pages that Postgres shares are in the rss of each of its processes, and in the pss once. */
export const memoryOf = (pid: number): Memory => {
  const total = { rssMiB: 0, pssMiB: 0 };
  for (const one of familyOf(pid).keys()) {
    try {
      const text = readFileSync(`/proc/${one}/smaps_rollup`, "utf8");
      const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
      total.rssMiB += kilobytes("Rss") / 1_024;
      total.pssMiB += kilobytes("Pss") / 1_024;
    } catch {
      // It ended between the two looks.
    }
  }
  return { rssMiB: Math.round(total.rssMiB), pssMiB: Math.round(total.pssMiB) };
};

/** Seconds of CPU that everything on this machine has used, ours and not. */
export const machineSeconds = (): number => {
  const [, user, nice, system, , , irq, softirq, steal] = readFileSync("/proc/stat", "utf8")
    .slice(0, 400)
    .split(/\s+/)
    .map(Number);
  return (
    [user, nice, system, irq, softirq, steal].reduce((sum: number, ticks) => sum + (ticks ?? 0), 0) /
    TICKS_A_SECOND
  );
};
