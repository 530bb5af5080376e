import { type Import, ImportRefusals } from "@shopnexus/contracts/inventory/import";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import type { TxSql } from "../stock/rows.ts";
import { countArrived } from "./rows.ts";

export const stage: Step<typeof Import, "stage"> = async (part, { db, who }) => {
  const { accountId } = accountOf(who);
  return db.$client.begin(async (tx) => {
    if (await isOpen(tx, part.importId, accountId)) await insertRows(tx, part);
    return { arrivedCount: await countArrived(tx, part) };
  });
};

/** Shared with other parts, and kept until this one is in: an end of the import comes before it or after. */
const isOpen = async (tx: TxSql, importId: string, sellerId: string): Promise<boolean> => {
  const rows = await tx<{ state: string }[]>`
    select state from inventory.import_file
    where import_id = ${importId} and seller_id = ${sellerId} for share`;
  if (rows[0] === undefined) throw refuse(ImportRefusals.IMPORT_UNKNOWN, {});
  return rows[0].state === "open";
};

/** Leans on import_row_once_a_line. */
const insertRows = async (
  tx: TxSql,
  { importId, uploadId, rows }: In<typeof Import, "stage">,
): Promise<void> => {
  await tx`
    insert into inventory.import_row (import_id, upload_id, line, sku, value, is_malformed)
    select ${importId}, ${uploadId}, line, sku, value, malformed <> 0 from unnest(
      ${rows.map(({ line }) => line)}::int[],
      ${rows.map(({ sku }) => sku)}::text[],
      ${rows.map(({ value }) => value)}::text[],
      ${rows.map(({ isMalformed }) => Number(isMalformed === true))}::int[]
    ) as part(line, sku, value, malformed)
    on conflict do nothing`;
};
