/** Brings one module's schema up to date. Many processes may start at once: the first does it, the others wait. */
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

/** Migration tables live beside the modules' schemas, not in them: a schema is made by its own first migration. */
const MIGRATIONS_SCHEMA = "migrations";

const folderOf = (module: string): string =>
  fileURLToPath(new URL(`../${module}/migrations`, import.meta.url));

/** Migrates `module` on the database at `url`. */
export const migrateModule = async (url: string, module: string): Promise<void> => {
  const migrationsFolder = folderOf(module);
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    // One lock for all modules: they share the schema of migration tables, which the first of them creates.
    await client`select pg_advisory_lock(hashtext('shopnexus/migrations'))`;
    await migrate(drizzle({ client }), {
      migrationsFolder,
      migrationsSchema: MIGRATIONS_SCHEMA,
      migrationsTable: module,
    });
  } finally {
    await client.end();
  }
};
