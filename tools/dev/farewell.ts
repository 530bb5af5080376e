// Whatever way this process ends that it can notice, its servers end first.
import { askChildToQuit } from "./child.ts";
import { release } from "./owner.ts";
import { isAlive, signal } from "./process.ts";
import type { Site } from "./site.ts";

type Guest = { site: Site; stop: () => Promise<void> };

const SIGNALS: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
const QUIT_GRACE_MS = 5_000;
const POLL_MS = 10;

const guests = new Set<Guest>();
let isLeaving = false;

/** Sees to it that the stack stops when the process does. */
export function promiseFarewell(guest: Guest): void {
  if (guests.size === 0) {
    for (const name of SIGNALS) process.on(name, onSignal);
    process.on("exit", onExit);
  }
  guests.add(guest);
}

/** The stack has stopped: leaves the process as it was before. */
export function forgetFarewell(guest: Guest): void {
  guests.delete(guest);
  if (guests.size > 0) return;
  for (const name of SIGNALS) process.off(name, onSignal);
  process.off("exit", onExit);
}

// A program that listens itself has its own order of stopping, and ends in stop() or in exit. Ctrl+C can come twice,
// from the terminal and from whoever started us; the second changes nothing.
function onSignal(name: NodeJS.Signals): void {
  if (isLeaving || process.listenerCount(name) > 1) return;
  isLeaving = true;
  const stops = [...guests].map((guest) => guest.stop());
  void Promise.allSettled(stops).then(() => {
    isLeaving = false;
    process.kill(process.pid, name);
  });
}

// Nothing can be awaited here, so this waits without giving the thread back.
function onExit(): void {
  const sites = [...guests].map((guest) => guest.site);
  const children = sites.flatMap((site) => [...site.children]);
  for (const child of children) askChildToQuit(child);
  const alive = () =>
    children.flatMap((child) =>
      child.running !== undefined && isAlive(child.running) ? [child.running] : [],
    );
  const deadlineMs = performance.now() + QUIT_GRACE_MS;
  const bell = new Int32Array(new SharedArrayBuffer(4));
  while (alive().length > 0 && performance.now() < deadlineMs) Atomics.wait(bell, 0, 0, POLL_MS);
  for (const stubborn of alive()) signal(stubborn, "SIGKILL");
  for (const site of sites) release(site.dir);
}
