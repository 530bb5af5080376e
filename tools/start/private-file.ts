import { renameSync, writeFileSync } from "node:fs";

/** Writes a file that only its owner can read; a reader sees the old one or the new one, never a half. */
export const writePrivate = (path: string, value: unknown): void => {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
};
