/** The farewell: whatever way we are asked to go, everything of ours goes first, and that is looked at. */
import { findProcess } from "#tools/dev/process.ts";
import type { House } from "./house.ts";
import { withdraw } from "./running.ts";

type Leaver = {
  /** What is to be stopped. Before this is told, the servers' own farewell does it. */
  takeAlong(house: Pick<House, "pids" | "stop">): void;
  isLeaving(): boolean;
};

export const leaveOnSignal = (dir: string): Leaver => {
  let house: Pick<House, "pids" | "stop"> | undefined;
  let isLeaving = false;
  const leave = async (): Promise<void> => {
    // The terminal and npm may both pass it on.
    if (isLeaving) return;
    isLeaving = true;
    console.log("\nStopping ...");
    if (house === undefined) process.exit(1);
    process.exit(await stopAll(dir, house));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void leave());
  return {
    takeAlong: (opened) => {
      house = opened;
    },
    isLeaving: () => isLeaving,
  };
};

const stopAll = async (dir: string, house: Pick<House, "pids" | "stop">): Promise<number> => {
  const pids = house.pids();
  try {
    await house.stop();
  } catch (error) {
    console.error((error as Error).message);
  }
  withdraw(dir);
  const left = Object.entries(pids).filter(([, pid]) => findProcess(pid) !== undefined);
  if (left.length === 0) console.log("Stopped. Nothing of ours is left running.");
  else console.error(`Still running: ${left.map(([name, pid]) => `${name} (${pid})`).join(", ")}`);
  return left.length === 0 ? 0 : 1;
};
