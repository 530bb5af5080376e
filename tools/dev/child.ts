import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { diesWithUs } from "./dies-with-us.ts";
import { lastLines, openLog } from "./log.ts";
import { untilFree } from "./ports.ts";
import { end, findProcess, type Process, signal } from "./process.ts";
import { timed } from "./progress.ts";
import { dropRecord, writeRecord } from "./record.ts";
import type { Site } from "./site.ts";

/** How to run one server. */
export type ChildPlan = {
  name: string;
  prefix?: string[]; // a command that runs the command, such as unshare
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd: string;
  ports: number[];
  quitSignal: NodeJS.Signals; // the one that makes this server finish its work and go
  prepare?: () => void; // before every start, first or again
  isReady: (pid: number) => Promise<boolean>;
};

export type Child = { plan: ChildPlan; running: Process | undefined; isExpectedToEnd: boolean };

const READY_WITHIN_MS = 60_000; // a long crash recovery on a slow disk
const QUIT_GRACE_MS = 8_000;
const PORT_BACK_WITHIN_MS = 10_000;
const POLL_MS = 10;

/** Starts the server and waits until it answers; one that does not is ended again. */
export async function startChild(site: Site, plan: ChildPlan): Promise<Child> {
  const child: Child = { plan, running: undefined, isExpectedToEnd: false };
  await timed(site.progress, `starting ${plan.name}`, () => launchChild(site, child));
  return child;
}

/** Starts a server that was killed: same ports, same files. */
export async function restartChild(site: Site, child: Child): Promise<void> {
  if (child.running !== undefined) await stopChild(site, child);
  await Promise.all(child.plan.ports.map((port) => untilFree(port, PORT_BACK_WITHIN_MS)));
  await timed(site.progress, `starting ${child.plan.name} again`, () => launchChild(site, child));
}

/** No warning, no clean-up: what a power cut does. */
export async function killChild(site: Site, child: Child): Promise<void> {
  await endChild(site, child, "SIGKILL");
}

export async function stopChild(site: Site, child: Child): Promise<void> {
  await endChild(site, child, child.plan.quitSignal);
}

/** For the moment when nothing can be awaited any more: only asks. */
export function askChildToQuit(child: Child): void {
  child.isExpectedToEnd = true;
  if (child.running !== undefined) signal(child.running, child.plan.quitSignal);
}

async function launchChild(site: Site, child: Child): Promise<void> {
  const { plan } = child;
  if (site.isStopping) throw new Error(`${plan.name} is not started: the stack is stopping`);
  plan.prepare?.();
  const log = openLog(site, plan.name);
  const handle = spawnInto(log.descriptor, plan);
  closeSync(log.descriptor);
  const ended = untilEnd(handle);
  child.isExpectedToEnd = false;
  child.running = handle.pid === undefined ? undefined : findProcess(handle.pid);
  if (child.running !== undefined)
    writeRecord(site, plan.name, { ...child.running, quitSignal: plan.quitSignal });
  site.children.add(child);
  const { running } = child;
  try {
    await untilReady(plan, handle.pid ?? 0, ended);
  } catch (error) {
    await stopChild(site, child);
    throw new Error(
      `${plan.name} did not start: ${(error as Error).message}\n${lastLines(log)}(${log.path})`,
      { cause: error },
    );
  }
  void ended.then((how) => {
    // The news of a killed server's end can come when its successor already runs.
    if (child.isExpectedToEnd || child.running !== running) return;
    child.running = undefined;
    site.progress(`${plan.name} ended by itself (${how}); its last words are in ${log.path}`);
  });
}

function spawnInto(log: number, plan: ChildPlan): ChildProcess {
  const [command = "", ...args] = [
    ...(plan.prefix ?? []),
    ...diesWithUs(plan.quitSignal),
    plan.command,
    ...plan.args,
  ];
  // A group of its own: Ctrl+C in a terminal reaches us alone, and we end the servers after what uses them.
  const handle = spawn(command, args, {
    cwd: plan.cwd,
    env: plan.env,
    stdio: ["ignore", log, log],
    detached: true,
  });
  // Servers must not keep a script alive that has nothing else to do: it ends, and our farewell ends them.
  handle.unref();
  return handle;
}

function untilEnd(handle: ChildProcess): Promise<string> {
  return new Promise((ended) => {
    handle.once("error", (error) => ended(error.message));
    handle.once("exit", (code, name) => ended(name ?? `exit code ${code}`));
  });
}

async function untilReady(plan: ChildPlan, pid: number, ended: Promise<string>): Promise<void> {
  let how: string | undefined;
  void ended.then((value) => {
    how = value;
  });
  const deadlineMs = performance.now() + READY_WITHIN_MS;
  while (!(await plan.isReady(pid))) {
    await sleep(POLL_MS);
    if (how !== undefined) throw new Error(how);
    if (performance.now() > deadlineMs) throw new Error(`no answer within ${READY_WITHIN_MS / 1000} s`);
  }
  // Somebody else's server may answer on the port while ours is already gone.
  if (how !== undefined) throw new Error(how);
}

async function endChild(site: Site, child: Child, name: NodeJS.Signals): Promise<void> {
  child.isExpectedToEnd = true;
  if (child.running !== undefined) await end(child.running, name, QUIT_GRACE_MS);
  child.running = undefined;
  dropRecord(site, child.plan.name);
  site.children.delete(child);
}
