/** SQL that the verbs of supply share with those of stock. */
import type { Sql, TxSql } from "../stock/rows.ts";

/** Ends the dip of a SKU that does not stand below its reorder point any more. Leans on dip_pkey. */
export const endDip = async (tx: Sql | TxSql, skuId: string): Promise<void> => {
  await tx`
    update inventory.dip set state = 'over', over_at = now()
    from inventory.level left join inventory.setting on setting.sku_id = level.sku_id
    where dip.sku_id = ${skuId} and state = 'open' and level.sku_id = ${skuId}
      and on_hand - held - sold >= coalesce(setting.reorder_point, 0)`;
};
