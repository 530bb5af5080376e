/** Vitest's global set-up: one real Postgres, Redis and Restate for every test file. */
import type { TestProject } from "vitest/node";
import { startStack } from "#tools/dev/stack.ts";
import { dropFolder, dropLeftovers, testFolder } from "./folders.ts";

declare module "vitest" {
  export interface ProvidedContext {
    postgresUrl: string;
    redisUrl: string | undefined;
    restate: { ingressUrl: string; adminUrl: string; metricsUrl: string };
  }
}

export default async function startTestStack(project: TestProject): Promise<() => Promise<void>> {
  await dropLeftovers();
  const dir = testFolder("run");
  const stack = await startStack({ dir, progress: console.log });
  project.provide("postgresUrl", stack.postgresUrl);
  project.provide("redisUrl", stack.redisUrl);
  project.provide("restate", stack.restate);
  return async () => {
    await stack.stop();
    await dropFolder(dir);
  };
}
