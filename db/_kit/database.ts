/** One pool a module: a slow module cannot take the connections of another, and each may have its own role or server. */
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";

type NoSchema = Record<string, never>;
export type Db = PostgresJsDatabase<NoSchema> & { readonly $client: postgres.Sql };
/** What statements run on: a transaction. Functions of `rows.ts` take it first. */
export type Tx = Parameters<Parameters<PostgresJsDatabase<NoSchema>["transaction"]>[0]>[0];

export type Database = { readonly db: Db; close(): Promise<void> };

export const POOL_SIZE = 16;

/** Opens a pool; connections are made when first needed. `url` is a postgres:// url. */
export const openDatabase = (url: string, options: { name: string; poolSize?: number }): Database => {
  const client = postgres(url, {
    max: options.poolSize ?? POOL_SIZE,
    idle_timeout: 60,
    connect_timeout: 10,
    onnotice: () => undefined,
    connection: { application_name: `shopnexus/${options.name}`, TimeZone: "UTC" },
  });
  const db = drizzle({ client }) as Db;
  return { db, close: () => client.end({ timeout: 5 }) };
};
