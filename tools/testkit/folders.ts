/** The folders that test runs keep their servers' data in, under `.shopnexus/`: named for the run that made them. */
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "#tools/dev/stack.ts";

const ROOT = join(projectRoot, ".shopnexus");
const NAME = /^test-(?:[a-z]+-)?(\d+)(?:-|$)/;

let folderCount = 0;

/** A new folder of this run's. */
export const testFolder = (kind: string): string => `.shopnexus/test-${kind}-${process.pid}-${folderCount++}`;

export const dropFolder = (folder: string): Promise<void> =>
  rm(join(projectRoot, folder), { recursive: true, force: true });

/** Takes away what runs left that were killed. */
export const dropLeftovers = async (): Promise<void> => {
  if (!existsSync(ROOT)) return;
  const left = (await readdir(ROOT)).filter((name) => {
    const pid = NAME.exec(name)?.[1];
    return pid !== undefined && !existsSync(`/proc/${pid}`);
  });
  await Promise.all(left.map((name) => dropFolder(join(".shopnexus", name))));
};
