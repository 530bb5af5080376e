import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { projectRoot } from "#tools/dev/project-root.ts";

/** The folder that holds one running shop: data, logs, ports, secrets. Two folders are two shops. */
export const placeOf = (environment: Readonly<Record<string, string | undefined>>): string =>
  resolve(projectRoot, environment["SHOPNEXUS_DIR"] || ".shopnexus/dev");

/** Variables of `.env` at the project's root, where they are not set already. */
export const loadDotEnv = (): void => {
  const path = join(projectRoot, ".env");
  if (existsSync(path)) process.loadEnvFile(path);
};
