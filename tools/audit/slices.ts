/**
 * Tables are looked at in slices of their key: sums over everything grow faster than what they sum, as they outgrow
 * one memory after the other; sums over slices do not.
 */
import type { Sql } from "postgres";

/** Rows whose key is after the one and not after the other; null: up to the last there could be. */
export type Slice = { readonly after: string; readonly upTo: string | null };

const ROW_COUNT = 10_000;

/** Slices that cover every key that a row has or could have, so that a row nobody knows of is in one as well. */
export const slicesOf = async (sql: Sql, table: string, key: string): Promise<Slice[]> => {
  const ends = await sql<{ key: string }[]>`
    select key from (
      select ${sql(key)} as key, row_number() over (order by ${sql(key)}) as n from ${sql(table)}
    ) as numbered where n % ${ROW_COUNT} = 0 order by key`;
  const bounds = ends.map((end) => end.key);
  return [...bounds, null].map((upTo, at) => ({ after: bounds[at - 1] ?? "", upTo }));
};

/** The condition that a key is in a slice. */
export const isIn = (sql: Sql, key: string, { after, upTo }: Slice) =>
  upTo === null ? sql`${sql(key)} > ${after}` : sql`${sql(key)} > ${after} and ${sql(key)} <= ${upTo}`;
