import type { Import } from "@shopnexus/contracts/inventory/import";
import type { Step } from "#modules/_kit/handler.ts";
import type { TxSql } from "../stock/rows.ts";

/** A file arrives within minutes; who comes back after a day sends it again. */
const KEPT = "1 day";

export const forget: Step<typeof Import, "forget"> = async ({ limit }, { db }) =>
  db.$client.begin(async (tx) => {
    const importIds = await closeUnfinished(tx, limit);
    if (importIds.length > 0) await tx`delete from inventory.import_row where import_id = any (${importIds})`;
    return { forgottenCount: importIds.length };
  });

/** Passes over those that somebody is at. Leans on import_unfinished. */
const closeUnfinished = async (tx: TxSql, limit: number): Promise<string[]> => {
  const rows = await tx<{ importId: string }[]>`
    with late as (
      select import_id from inventory.import_file
      where state = 'open' and opened_at < now() - ${KEPT}::interval
      order by opened_at limit ${limit} for update skip locked
    )
    update inventory.import_file set state = 'forgotten', ended_at = now()
    from late where import_file.import_id = late.import_id
    returning import_file.import_id as "importId"`;
  return rows.map(({ importId }) => importId);
};
