/** What a database holds, in a form that two moments can be compared by. */
import type postgres from "postgres";

/** Rewritten whenever the world's rates are read, whoever does what meanwhile. */
const KEPT_BY_A_CLOCK = ["common.rate"];

/** By table of ours that people and modules write: how many rows, and a hash over all of them. */
export const contentsOf = async (sql: postgres.Sql): Promise<Record<string, string>> => {
  const tables = await sql<Array<{ schema: string; name: string }>>`
    select schemaname as schema, tablename as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema', 'migrations')
      and schemaname || '.' || tablename <> all(${KEPT_BY_A_CLOCK}) order by 1, 2`;
  const contents: Record<string, string> = {};
  for (const { schema, name } of tables) {
    const [row] = await sql<Array<{ rows: number; hash: string | null }>>`
      select count(*)::int as rows, md5(string_agg(part::text, '|' order by part::text)) as hash
      from ${sql(schema)}.${sql(name)} as part`;
    contents[`${schema}.${name}`] = `${row?.rows ?? 0} rows, ${row?.hash ?? "empty"}`;
  }
  return contents;
};
