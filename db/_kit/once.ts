import type { PgInsertValue, PgTable } from "drizzle-orm/pg-core";
import type { Db, Tx } from "./database.ts";

/**
 * Writes the row that remembers and says whether this call was the first to. What it remembers belongs in the same
 * transaction; the table's own keys decide what is the same.
 */
export const once = async <T extends PgTable>(
  tx: Tx | Db,
  table: T,
  row: PgInsertValue<T>,
): Promise<boolean> => {
  const { count } = await tx.insert(table).values(row).onConflictDoNothing();
  return count === 1;
};
