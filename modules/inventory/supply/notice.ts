import type { Dip, Supply } from "@shopnexus/contracts/inventory/supply";
import type { In } from "@shopnexus/contracts/kit/contract";
import type { Step } from "#modules/_kit/handler.ts";
import type { Sql } from "../stock/rows.ts";

export const notice: Step<typeof Supply, "notice"> = async (sold, { db }) => {
  await openDips(db.$client, sold);
  return { dips: await listNoticed(db.$client, sold) };
};

type Sold = In<typeof Supply, "notice">;

/**
 * Opens a dip where there is none, or where the last one is over. The share of the level's lock keeps a receipt from
 * passing unseen: it is booked before, and there is no dip, or after, and ends it. Leans on setting_pkey, dip_pkey.
 */
const openDips = async (tx: Sql, { skuIds, reference }: Sold): Promise<void> => {
  await tx`
    with low as (
      select level.sku_id, on_hand - held - sold as available, reorder_point, supplier_email
      from inventory.setting join inventory.level on level.sku_id = setting.sku_id
      where setting.sku_id = any (${skuIds}) and on_hand - held - sold < reorder_point
      order by level.sku_id for share of level
    )
    insert into inventory.dip
      (sku_id, dip, state, noticed_by, noticed_at, available, reorder_point, supplier_email)
    select sku_id, 1, 'open', ${reference}, now(), available, reorder_point, supplier_email from low
    on conflict (sku_id) do update set dip = dip.dip + 1, state = 'open', over_at = null,
      noticed_by = excluded.noticed_by, noticed_at = excluded.noticed_at, available = excluded.available,
      reorder_point = excluded.reorder_point, supplier_email = excluded.supplier_email
    where dip.state = 'over'`;
};

/** Leans on dip_pkey. */
const listNoticed = async (tx: Sql, { skuIds, reference }: Sold): Promise<Dip[]> => {
  const rows = await tx<Dip[]>`
    select dip.sku_id as "skuId", seller_id as "sellerId", dip, available,
      reorder_point as "reorderPoint", supplier_email as "supplierEmail"
    from inventory.dip join inventory.level using (sku_id)
    where dip.sku_id = any (${skuIds}) and noticed_by = ${reference} order by dip.sku_id`;
  return [...rows];
};
