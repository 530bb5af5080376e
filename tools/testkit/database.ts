/** A database of its own for a test file, with the schemas of the modules it names. */
import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import postgres from "postgres";
import { type Database, openDatabase } from "#db/_kit/database.ts";
import { migrateModule } from "#db/_kit/migrate.ts";

export type TestDatabase = Database & { readonly url: string };

export const emptyDatabase = async (): Promise<string> => {
  const owner = inject("postgresUrl");
  const name = `test_${randomBytes(6).toString("hex")}`;
  const client = postgres(owner, { max: 1 });
  await client.unsafe(`create database ${name}`);
  await client.end();
  return Object.assign(new URL(owner), { pathname: `/${name}` }).toString();
};

export const testDatabase = async (...modules: readonly string[]): Promise<TestDatabase> => {
  const url = await emptyDatabase();
  for (const module of modules) await migrateModule(url, module);
  return { ...openDatabase(url, { name: "test" }), url };
};
