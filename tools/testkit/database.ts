/** A database of its own for a test file, with the schemas of the modules it names. */
import { createHash, randomBytes } from "node:crypto";
import { inject } from "vitest";
import postgres from "postgres";
import { type Database, openDatabase } from "#db/_kit/database.ts";
import { migrateModule } from "#db/_kit/migrate.ts";

export type TestDatabase = Database & { readonly url: string };

export const testDatabase = async (...modules: readonly string[]): Promise<TestDatabase> => {
  const url = await migratedDatabase(modules);
  return { ...openDatabase(url, { name: "test" }), url };
};

/** Its URL. The first who wants these modules migrates; from then on it is copied, which takes a fraction. */
export const migratedDatabase = async (modules: readonly string[]): Promise<string> => {
  const template = `template_${createHash("sha1").update(modules.join()).digest("hex").slice(0, 12)}`;
  return asOwner(async (sql) => {
    await sql`select pg_advisory_lock(hashtext(${template}))`;
    const [known] = await sql`select 1 from pg_database where datname = ${template}`;
    if (known === undefined) {
      const making = await create(sql, `making_${template}`);
      for (const module of modules) await migrateModule(making, module);
      await sql.unsafe(`alter database making_${template} rename to ${template}`);
    }
    await sql`select pg_advisory_unlock(hashtext(${template}))`;
    return create(sql, freshName(), `template ${template}`);
  });
};

export const emptyDatabase = (): Promise<string> => asOwner((sql) => create(sql, freshName()));

const freshName = (): string => `test_${randomBytes(6).toString("hex")}`;

const create = async (sql: postgres.Sql, name: string, how = ""): Promise<string> => {
  await sql.unsafe(`create database ${name} ${how}`);
  return Object.assign(new URL(inject("postgresUrl")), { pathname: `/${name}` }).toString();
};

const asOwner = async <T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> => {
  const sql = postgres(inject("postgresUrl"), { max: 1 });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
};
