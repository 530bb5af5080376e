import type { Stock } from "@shopnexus/contracts/inventory/stock";
import type { Step } from "#modules/_kit/handler.ts";
import type { Sql } from "./rows.ts";

export const audit: Step<typeof Stock, "audit"> = async (_nothing, { db }) => {
  const misnumbered = await listMisnumbered(db.$client);
  return { drifted: await listDrifted(db.$client), ...(misnumbered.length > 0 && { misnumbered }) };
};

/**
 * Compares the accounts of each SKU, in one snapshot: its level, its movements, who has its pieces (holds, drops, and lines
 * that waited, less what was taken back), and where they lie: shelves, movements there, and picks. A number is with a line
 * that has taken its own, and a line that has numbers took no more pieces off the shelves. Reads all of them.
 */
const listDrifted = async (tx: Sql): Promise<string[]> => {
  const rows = await tx<{ skuId: string }[]>`
    with moved as (
      select sku_id, sum(on_hand_delta) as on_hand, sum(held_delta) as held, sum(sold_delta) as sold
      from inventory.movement group by sku_id
    ),
    spoken as (
      select sku_id, sum(part.held) as held, sum(part.sold) as sold
      from (
        select line.sku_id, case state when 'held' then line.pieces end as held,
          case state when 'committed' then line.pieces end as sold
        from inventory.hold, unnest(sku_ids, hold.pieces) as line(sku_id, pieces)
        union all select sku_id, 0, pieces from inventory.backorder where state = 'served'
        union all select sku_id, 0, -returned_pieces from inventory.unsold
        union all select sku_id, case state when 'announced' then units - drop_sku.sold end, drop_sku.sold
          from inventory.drop_sku join inventory.drop using (drop_id)
      ) as part
      group by sku_id
    ),
    lying as (select sku_id, sum(on_hand) as on_hand from inventory.shelf group by sku_id),
    placed as (
      select sku_id, location_id, sum(on_hand_delta) as on_hand
      from inventory.movement where on_hand_delta <> 0 group by sku_id, location_id
    ),
    taken as (select sku_id, location_id, sum(pieces) as picked from inventory.pick group by sku_id, location_id)
    select sku_id as "skuId"
    from inventory.level full join moved using (sku_id) full join spoken using (sku_id) full join lying using (sku_id)
    where level.on_hand is distinct from coalesce(lying.on_hand, 0)
      or level.on_hand is distinct from coalesce(moved.on_hand, 0)
      or level.held is distinct from coalesce(moved.held, 0)
      or level.sold is distinct from coalesce(moved.sold, 0)
      or level.held is distinct from coalesce(spoken.held, 0)
      or level.sold is distinct from coalesce(spoken.sold, 0)
    union
    select sku_id
    from inventory.shelf full join placed using (sku_id, location_id) full join taken using (sku_id, location_id)
    where shelf.on_hand is distinct from coalesce(placed.on_hand, 0)
      or shelf.picked is distinct from coalesce(taken.picked, 0)
    union
    select sku_id
    from (
      select sku_id, line_id, count(*) as numbers from inventory.serial where line_id is not null group by sku_id, line_id
    ) as numbered
    left join inventory.take using (line_id)
    left join (select line_id, sum(pieces) as pieces from inventory.pick group by line_id) as picked using (line_id)
    where take.state is distinct from 'taken' or pieces > numbers
    order by 1`;
  return rows.map((row) => row.skuId);
};

/** One number for each piece on hand, be it sold or not; a void one is none. Leans on setting_pkey, serial_next. */
const listMisnumbered = async (tx: Sql): Promise<string[]> => {
  const rows = await tx<{ skuId: string }[]>`
    select sku_id as "skuId" from inventory.setting join inventory.level using (sku_id)
    where has_serials and on_hand <> (
      select count(*) from inventory.serial where serial.sku_id = level.sku_id and state <> 'void'
    )
    order by 1`;
  return rows.map((row) => row.skuId);
};
