/** SQL that the verbs of serial numbers share. */
import type { Sql } from "../stock/rows.ts";

/** How many of a SKU's are free. Leans on serial_next. */
export const countFree = async (tx: Sql, skuId: string): Promise<number> => {
  const rows = await tx<{ count: number }[]>`
    select count(*)::int as count from inventory.serial where sku_id = ${skuId} and state = 'free'`;
  return rows[0]?.count ?? 0;
};
