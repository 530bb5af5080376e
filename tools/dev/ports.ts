import { randomInt } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

// Below the range that systems hand to outgoing connections: a port above could be taken by anybody's client between a
// crash and the restart on the same port.
const LOWEST = 20_000;
const HIGHEST = 32_000;
const ATTEMPTS = 3;

/** Ports already handed out here: their servers may not have bound them yet. */
const handedOut = new Set<number>();

/** Free ports on the loopback, each different, and different from those given out before. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = randomInt(LOWEST, HIGHEST);
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    ports.push(port);
  }
  return ports;
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once("error", () => answer(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => answer(true)));
  });
}

export async function untilFree(port: number, withinMs: number): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  while (!(await isFree(port))) {
    if (performance.now() > deadlineMs)
      throw new Error(`port ${port} was taken by another process meanwhile`);
    await sleep(50);
  }
}

/** Starts something on the ports it had last time, or on new ones when somebody else has one of those now. */
export async function onOwnPorts<T>(
  dir: string,
  names: string[],
  start: (ports: number[]) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const ports = await ownPorts(dir, names);
    try {
      return await start(ports);
    } catch (error) {
      // Between the look and the server's bind another process can be quicker; that alone is worth a second try.
      const free = await Promise.all(ports.map(isFree));
      if (free.every(Boolean) || attempt === ATTEMPTS) throw error;
    }
  }
}

async function ownPorts(dir: string, names: string[]): Promise<number[]> {
  const remembered = readPorts(dir);
  // The other parts' ports may not be bound yet.
  for (const port of Object.values(remembered)) handedOut.add(port);
  const ports = names.map((name) => remembered[name] ?? 0);
  const known = new Set(ports).size === ports.length && !ports.includes(0);
  if (known && (await Promise.all(ports.map(isFree))).every(Boolean)) return ports;
  const fresh = await freePorts(names.length);
  const entries = names.map((name, index) => [name, fresh[index]]);
  // Read again: another part of the same stack may have written its own while we looked.
  writeFileSync(
    portsPath(dir),
    JSON.stringify({ ...readPorts(dir), ...Object.fromEntries(entries) }, null, 2),
  );
  return fresh;
}

function readPorts(dir: string): Record<string, number> {
  if (!existsSync(portsPath(dir))) return {};
  try {
    return JSON.parse(readFileSync(portsPath(dir), "utf8")) as Record<string, number>;
  } catch {
    return {}; // A file cut short by a crash: ports are only a convenience, so new ones do.
  }
}

function portsPath(dir: string): string {
  return join(dir, "ports.json");
}
