import type { Child } from "./child.ts";
import type { Progress } from "./progress.ts";

/** Where one stack lives, and what runs in it. */
export type Site = {
  dir: string; // data, logs, ports, pids
  cache: string; // what any stack of this checkout can share
  progress: Progress;
  children: Set<Child>;
  isStopping: boolean;
};
