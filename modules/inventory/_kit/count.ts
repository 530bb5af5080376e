/** A stocktake whose rows have all arrived: what is wrong with them, and what they put right. */
import type { TxSql } from "../stock/rows.ts";

export type Counted = {
  readonly importId: string;
  readonly uploadId: string;
  readonly sellerId: string;
  readonly locationId: string;
};

/**
 * Locks the levels that were counted, then their shelves at this location, which are made where there are none: so what is
 * judged is what is booked. Leans on level_pkey, shelf_once_a_location.
 */
export const lockCounted = async (tx: TxSql, counted: Counted): Promise<void> => {
  const { importId, uploadId, sellerId, locationId } = counted;
  await tx`
    select from inventory.level
    where seller_id = ${sellerId} and sku_id in (
      select sku from inventory.import_row where import_id = ${importId} and upload_id = ${uploadId}
    )
    order by sku_id for no key update`;
  await tx`
    insert into inventory.shelf (sku_id, location_id)
    select distinct sku_id, ${locationId} from inventory.import_row join inventory.level on sku_id = sku
    where import_id = ${importId} and upload_id = ${uploadId} and seller_id = ${sellerId}
    order by sku_id
    on conflict do nothing`;
  await tx`
    select from inventory.shelf
    where sku_id in (
      select sku from inventory.import_row where import_id = ${importId} and upload_id = ${uploadId}
    )
    order by sku_id, location_id for no key update`;
};

/** Of every row, its line and what is wrong with it, if anything is. */
export const judgeCounts = (tx: TxSql, counted: Counted): ReturnType<TxSql> => tx`
  select line, case
    when is_malformed then 'malformed'
    when level.sku_id is null then 'sku_unknown'
    when found is null or found > 1000000 then 'pieces_invalid'
    when turn > 1 then 'twice'
    when level.on_hand + found - (shelf.on_hand - shelf.picked) < held + sold then 'pieces_short'
  end as problem
  from (
    select line, sku, is_malformed, case when value ~ '^[0-9]{1,8}$' then value::int end as found,
      row_number() over (partition by sku order by line) as turn
    from inventory.import_row where import_id = ${counted.importId} and upload_id = ${counted.uploadId}
  ) as part
  left join inventory.level on level.sku_id = sku and seller_id = ${counted.sellerId}
  left join inventory.shelf on shelf.sku_id = sku and location_id = ${counted.locationId}`;

/** Puts levels and shelves right where another number was found; which SKUs, and those of more pieces. */
export const bookCounts = async (
  tx: TxSql,
  { importId, uploadId, sellerId, locationId }: Counted,
): Promise<{ changed: string[]; found: string[] }> => {
  const rows = await tx<{ skuId: string; delta: number }[]>`
    with booked as (
      insert into inventory.movement
        (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor, location_id)
      select ${importId}, sku_id, 'count', value::int - (on_hand - picked), 0, 0, ${sellerId}, ${locationId}
      from inventory.import_row join inventory.shelf on sku_id = sku and location_id = ${locationId}
      where import_id = ${importId} and upload_id = ${uploadId} and value::int <> on_hand - picked
      order by sku_id
      returning sku_id, on_hand_delta
    ),
    raised as (
      update inventory.level set on_hand = on_hand + on_hand_delta from booked where level.sku_id = booked.sku_id
    )
    update inventory.shelf set on_hand = on_hand + on_hand_delta
    from booked where shelf.sku_id = booked.sku_id and location_id = ${locationId}
    returning shelf.sku_id as "skuId", on_hand_delta as delta`;
  return {
    changed: rows.map(({ skuId }) => skuId),
    found: rows.filter(({ delta }) => delta > 0).map(({ skuId }) => skuId),
  };
};

/** Of these SKUs, those that lines wait for. Leans on backorder_queue. */
export const listAwaited = async (tx: TxSql, skuIds: readonly string[]): Promise<string[]> => {
  if (skuIds.length === 0) return [];
  const rows = await tx<{ skuId: string }[]>`
    select distinct sku_id as "skuId" from inventory.backorder
    where state = 'waiting' and sku_id = any (${skuIds as string[]}) order by sku_id`;
  return rows.map(({ skuId }) => skuId);
};
