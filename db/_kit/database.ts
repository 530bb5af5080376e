/** One pool a module: a slow module cannot take the connections of another, and each may have its own role or server. */
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";

type NoSchema = Record<string, never>;
export type Db = PostgresJsDatabase<NoSchema> & { readonly $client: postgres.Sql };
/** What statements run on: a transaction. Functions of `rows.ts` take it first. */
export type Tx = Parameters<Parameters<PostgresJsDatabase<NoSchema>["transaction"]>[0]>[0];

export type Database = { readonly db: Db; close(): Promise<void> };

/** Six modules with ten each stay well below the hundred connections that a Postgres allows by default. */
export const POOL_SIZE = 10;

/** Opens a pool; connections are made when first needed. `url` is a postgres:// url. */
export const openDatabase = (url: string, options: { name: string; poolSize?: number }): Database => {
  const client = postgres(url, {
    max: options.poolSize ?? POOL_SIZE,
    idle_timeout: 60,
    connect_timeout: 10,
    onnotice: () => undefined,
    connection: {
      application_name: `shopnexus/${options.name}`,
      TimeZone: "UTC",
      // Every statement finds its rows by key, whatever the values: planning it anew each time is wasted.
      plan_cache_mode: "force_generic_plan",
    },
  });
  prepareStatements(client);
  const db = drizzle({ client }) as Db;
  return { db, close: () => client.end({ timeout: 5 }) };
};

/**
 * Drizzle hands its statements to `unsafe`, which does not prepare them unless told to: one round trip more each.
 * A transaction has an `unsafe` of its own.
 */
const prepareStatements = (client: postgres.Sql): void => {
  prepareOn(client);
  const begin = client.begin.bind(client) as (...given: unknown[]) => Promise<unknown>;
  const preparing = (work: (sql: postgres.TransactionSql) => unknown) => (sql: postgres.TransactionSql) => {
    prepareOn(sql);
    return work(sql);
  };
  client.begin = ((...given: unknown[]) =>
    begin(
      ...given.slice(0, -1),
      preparing(given.at(-1) as (sql: postgres.TransactionSql) => unknown),
    )) as typeof client.begin;
};

const prepareOn = (sql: Pick<postgres.Sql, "unsafe">): void => {
  const unsafe = sql.unsafe;
  sql.unsafe = ((query: string, parameters?: never[], options?: object) =>
    unsafe(query, parameters, { prepare: true, ...options })) as typeof sql.unsafe;
};
