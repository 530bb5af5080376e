import { resolve } from "node:path";

/** The folder that holds package.json, whatever folder the caller stands in. */
export const projectRoot = resolve(import.meta.dirname, "../..");
