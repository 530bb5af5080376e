/** Vitest's global set-up: one real Postgres, Redis and Restate for every test file. */
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { bundle } from "#tools/bundle.ts";
import { projectRoot, startStack } from "#tools/dev/stack.ts";
import { dropFolder, dropLeftovers, testFolder } from "./folders.ts";

declare module "vitest" {
  export interface ProvidedContext {
    postgresUrl: string;
    redisUrl: string | undefined;
    /** Where the programs are that tests start as processes of their own. */
    programs: string;
    restate: { ingressUrl: string; adminUrl: string; metricsUrl: string };
  }
}

const PROGRAMS = ["app/main.ts", "app/e2e/kill/phoenix.ts", "app/e2e/kill/mortal.ts"];

export default async function startTestStack(project: TestProject): Promise<() => Promise<void>> {
  await dropLeftovers();
  const dir = testFolder("run");
  const programs = join(projectRoot, dir, "programs");
  const [stack] = await Promise.all([startStack({ dir, progress: console.log }), bundle(PROGRAMS, programs)]);
  project.provide("programs", programs);
  project.provide("postgresUrl", stack.postgresUrl);
  project.provide("redisUrl", stack.redisUrl);
  project.provide("restate", stack.restate);
  return async () => {
    await stack.stop();
    await dropFolder(dir);
  };
}
