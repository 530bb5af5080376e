// One data folder has one owner at a time: two servers on the same files would destroy them.
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProcess, isAlive, type Process } from "./process.ts";

/** Makes this process the owner of the folder; a dead owner's claim is taken over, a living one's is respected. */
export function claim(dir: string): void {
  const mine = join(dir, `owner.${process.pid}.json`);
  const self = findProcess(process.pid);
  writeFileSync(mine, JSON.stringify(self));
  try {
    for (;;) {
      if (link(mine, ownerPath(dir))) return;
      const owner = readOwner(ownerPath(dir));
      if (owner !== undefined && isAlive(owner)) throw new Error(refusal(dir, owner));
      takeAway(dir);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Gives the folder back. */
export function release(dir: string): void {
  if (readOwner(ownerPath(dir))?.pid === process.pid) rmSync(ownerPath(dir), { force: true });
}

// A link is the one step that fails when the name exists and never shows a half written file.
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

// Two processes may find the same dead claim: moving it first shows which of them got it, and whether it still was that one.
function takeAway(dir: string): void {
  const moved = join(dir, `owner.${process.pid}.dead.json`);
  try {
    renameSync(ownerPath(dir), moved);
  } catch {
    return; // The other one moved it.
  }
  const owner = readOwner(moved);
  if (owner !== undefined && isAlive(owner)) link(moved, ownerPath(dir));
  rmSync(moved, { force: true });
}

function readOwner(path: string): Process | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Process;
  } catch {
    return undefined;
  }
}

function refusal(dir: string, owner: Process): string {
  const who = owner.pid === process.pid ? "this very process" : `process ${owner.pid}`;
  return `${dir} is in use: ${who} has a stack running in it. Stop that one first, or use another folder.`;
}

function ownerPath(dir: string): string {
  return join(dir, "owner.json");
}
