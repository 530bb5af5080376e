import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isFree, onOwnPorts } from "#tools/dev/ports.ts";

/** The port of that name in this folder: the one of last time while it is free, so that addresses outlive restarts. */
export const portOf = (dir: string, name: string): Promise<number> =>
  // One name a call: an address that somebody took must not move the others, because Restate knows some of them.
  onOwnPorts(dir, [name], async ([port = 0]) => port);

/** Asks for this port, for a name that has none yet. */
export const prefer = async (dir: string, name: string, port: number): Promise<void> => {
  const path = join(dir, "ports.json");
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, number>) : {};
  if (known[name] !== undefined || !(await isFree(port))) return;
  writeFileSync(path, JSON.stringify({ ...known, [name]: port }, null, 2));
};
