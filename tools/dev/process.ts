// Which processes are ours. A pid alone is not enough: the system gives it to somebody else once the process is gone,
// so we remember when it started too.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export type Process = { pid: number; startedAt: string };

const POLL_MS = 10;

/** The living process with this pid; a zombie counts as dead. */
export function findProcess(pid: number): Process | undefined {
  const found = process.platform === "linux" ? readStat(pid) : askPs(pid);
  if (found === undefined || found.isZombie) return undefined;
  return { pid, startedAt: found.startedAt };
}

export function isAlive(known: Process): boolean {
  return findProcess(known.pid)?.startedAt === known.startedAt;
}

/** True unless it is gone already or belongs to somebody else. */
export function signal(known: Process, name: NodeJS.Signals): boolean {
  if (!isAlive(known)) return false;
  try {
    return process.kill(known.pid, name);
  } catch {
    return false;
  }
}

/** Ends the process: asks with the signal, waits, insists with SIGKILL, waits. Takes along what it leaves behind. */
export async function end(known: Process, quitSignal: NodeJS.Signals, graceMs: number): Promise<void> {
  const family = [known, ...descendantsOf(known.pid)];
  signal(known, quitSignal);
  if (await areGone(family, graceMs)) return;
  for (const member of family) signal(member, "SIGKILL");
  if (!(await areGone(family, 10_000)))
    throw new Error(`process ${known.pid} does not end, even after SIGKILL`);
}

async function areGone(family: Process[], withinMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + withinMs;
  while (family.some(isAlive)) {
    if (performance.now() > deadlineMs) return false;
    await sleep(POLL_MS);
  }
  return true;
}

function descendantsOf(pid: number): Process[] {
  if (process.platform !== "linux") return [];
  const stats = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const all = stats.map((name) => ({ pid: Number(name), ...readStat(Number(name)) }));
  const family = new Set([pid]);
  // Parents may come after their children in the listing: sweep until nothing is added.
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const one of all) if (one.parent !== undefined && family.has(one.parent)) family.add(one.pid);
  }
  family.delete(pid);
  return [...family].map(findProcess).filter((found) => found !== undefined);
}

type Stat = { isZombie: boolean; parent: number; startedAt: string };

function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold spaces and brackets itself: count from the last one.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // The first thread can be a zombie while others still hold the process's files and locks.
    const isZombie = fields[0] === "Z" && Number(fields[17]) <= 1;
    return { isZombie, parent: Number(fields[1]), startedAt: `${bootId()} ${fields[19]}` };
  } catch {
    return undefined;
  }
}

let knownBootId: string | undefined;

// The kernel counts from its boot, and small pids come again soon after one.
function bootId(): string {
  knownBootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return knownBootId;
}

function askPs(pid: number): Stat | undefined {
  try {
    const line = execFileSync("ps", ["-o", "stat=,ppid=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
    }).trim();
    const [state = "", parent = "", ...started] = line.split(/\s+/);
    return { isZombie: state.startsWith("Z"), parent: Number(parent), startedAt: started.join(" ") };
  } catch {
    return undefined;
  }
}
