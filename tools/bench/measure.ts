/** One run of the load generator, and what every process spent on it. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { projectRoot } from "#tools/dev/stack.ts";
import type { LoadPlan, LoadResult } from "./load.ts";
import { cpuSeconds, machineSeconds } from "./proc.ts";
import { round, type Spent, spentOf, type Usage } from "./rules.ts";

export type Measured = LoadResult & {
  readonly atOnce: number;
  readonly cpu: Spent;
  /** Seconds of CPU a second that processes took which are not ours: noise. */
  readonly othersPerSecond: number;
};

type Reading = { byProcess: Usage; machine: number };

/** `onWindow` is told when the measured time begins and ends. */
export const measure = async (
  plan: LoadPlan,
  pids: Readonly<Record<string, number>>,
  onWindow: (what: string) => void = () => undefined,
): Promise<Measured> => {
  const child = fork(join(projectRoot, "tools/bench/main.ts"), ["load"]);
  const all = { ...pids, load: child.pid ?? 0 };
  const readings: Reading[] = [];
  await once(child, "message");
  const result = await new Promise<LoadResult>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the load generator ended with ${code}`)));
    child.on("message", (message: { what: string; result: LoadResult }) => {
      if (message.what === "result") resolve(message.result);
      else {
        readings.push(read(all));
        onWindow(message.what);
      }
    });
    child.send(plan);
  });
  child.disconnect();
  await once(child, "exit");
  const [begin = EMPTY, end = EMPTY] = readings;
  const cpu = spentOf(begin.byProcess, end.byProcess, result.done);
  const ours = Object.values(cpu).reduce((sum, { seconds }) => sum + seconds, 0);
  const others = Math.max(0, end.machine - begin.machine - ours) / (plan.measureMs / 1_000);
  return { atOnce: plan.atOnce, ...result, cpu, othersPerSecond: round(others, 2) };
};

const EMPTY: Reading = { byProcess: {}, machine: 0 };

const read = (pids: Readonly<Record<string, number>>): Reading => ({
  byProcess: Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)])),
  machine: machineSeconds(),
});
