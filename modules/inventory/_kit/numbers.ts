/** A file of serial numbers whose rows have all arrived: what is wrong with them, and how they are added. */
import type { TxSql } from "../stock/rows.ts";

export type Numbered = { readonly importId: string; readonly uploadId: string; readonly sellerId: string };

/** Of every row, its line and what is wrong with it, if anything is. Leans on level_pkey, serial_once_a_sku. */
export const judgeNumbers = (tx: TxSql, { importId, uploadId, sellerId }: Numbered): ReturnType<TxSql> => tx`
  select line, case
    when is_malformed then 'malformed'
    when level.sku_id is null then 'sku_unknown'
    when value !~ '^[^[:cntrl:]]{1,64}$' then 'serial_invalid'
    when turn > 1 then 'twice'
    when serial.serial is not null then 'serial_known'
  end as problem
  from (
    select line, sku, value, is_malformed, row_number() over (partition by sku, value order by line) as turn
    from inventory.import_row where import_id = ${importId} and upload_id = ${uploadId}
  ) as part
  left join inventory.level on level.sku_id = sku and seller_id = ${sellerId}
  left join inventory.serial on serial.sku_id = sku and serial.serial = value`;

/** Locks the levels, so that two files with the same numbers wait in line. Leans on level_pkey. */
export const lockNumbered = async (tx: TxSql, { importId, uploadId, sellerId }: Numbered): Promise<void> => {
  await tx`
    select from inventory.level
    where seller_id = ${sellerId} and sku_id in (
      select sku from inventory.import_row where import_id = ${importId} and upload_id = ${uploadId}
    )
    order by sku_id for no key update`;
};

/** In the order of the file; how many. A number that somebody adds meanwhile is added once. Leans on serial_once_a_sku. */
export const addNumbers = async (tx: TxSql, { importId, uploadId, sellerId }: Numbered): Promise<number> => {
  const { count } = await tx`
    with added as (
      insert into inventory.serial (sku_id, serial)
      select sku, value from inventory.import_row
      where import_id = ${importId} and upload_id = ${uploadId} order by sku, line
      on conflict do nothing
      returning sku_id, serial, state
    )
    insert into inventory.serial_event (sku_id, serial, event, state, note, actor)
    select sku_id, serial, 'add', state, ${importId}, ${sellerId} from added`;
  return count;
};
