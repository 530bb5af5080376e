/**
 * Pieces that leave a shelf for a parcel, and those that come back: neither changes what is booked there. Whoever writes
 * a pick has locked the shelves of its SKU before.
 */
import type { TxSql } from "../stock/rows.ts";
import { lockShelves } from "../shelf/rows.ts";

type Line = { readonly lineId: string; readonly skuId: string; readonly pieces: number };

/**
 * Takes a line's pieces off the shelves: the default location's first, then where most are. It never refuses, for the
 * pieces are sold: what the books do not find stays where it is until somebody counts. Leans on shelf_once_a_location.
 */
export const pick = async (tx: TxSql, { lineId, skuId, pieces }: Line): Promise<void> => {
  await lockShelves(tx, [skuId]);
  await tx`
    with queue as (
      select location_id, on_hand - picked as standing,
        sum(on_hand - picked) over (order by is_default desc, on_hand - picked desc, location_id)
          - (on_hand - picked) as before
      from inventory.shelf join inventory.location using (location_id) where sku_id = ${skuId}
    ),
    part as (
      select location_id, least(standing, ${pieces}::bigint - before) as pieces
      from queue where before < ${pieces}::bigint and standing > 0
    ),
    moved as (
      update inventory.shelf set picked = picked + part.pieces
      from part where sku_id = ${skuId} and shelf.location_id = part.location_id
    )
    insert into inventory.pick (line_id, sku_id, location_id, pieces)
    select ${lineId}, ${skuId}, location_id, pieces from part`;
};

type Back = { readonly lineId: string; readonly pieces: number };

/** Puts so many pieces of some lines back where they were taken, or as many as were. Leans on pick_once_a_location. */
export const unpick = async (tx: TxSql, lines: readonly Back[]): Promise<void> => {
  const lineIds = lines.map(({ lineId }) => lineId);
  const picked = await tx<{ skuId: string }[]>`
    select distinct sku_id as "skuId" from inventory.pick where line_id = any (${lineIds})`;
  if (picked.length === 0) return;
  await lockShelves(
    tx,
    picked.map(({ skuId }) => skuId),
  );
  await tx`
    with queue as (
      select pick.*, back.pieces as wanted,
        sum(pick.pieces) over (partition by line_id order by location_id) - pick.pieces as before
      from inventory.pick
      join unnest(${lineIds}::text[], ${lines.map(({ pieces }) => pieces)}::int[]) as back(line_id, pieces) using (line_id)
    ),
    part as (
      select line_id, sku_id, location_id, least(pieces, wanted - before) as pieces from queue where before < wanted
    ),
    lessened as (
      update inventory.pick set pieces = pick.pieces - part.pieces
      from part where pick.line_id = part.line_id and pick.location_id = part.location_id
    ),
    total as (select sku_id, location_id, sum(pieces) as pieces from part group by sku_id, location_id)
    update inventory.shelf set picked = picked - total.pieces
    from total where shelf.sku_id = total.sku_id and shelf.location_id = total.location_id`;
};
