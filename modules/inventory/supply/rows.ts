/** SQL that the verbs of supply share with those of stock. */
import type { Sql, TxSql } from "../stock/rows.ts";

/** Ends the dip of a SKU that does not stand below its reorder point any more. */
export const endDip = (tx: Sql | TxSql, skuId: string): Promise<void> => endDips(tx, [skuId]);

/** Ends the dips of those SKUs that do not stand below their reorder points any more. Leans on dip_pkey. */
export const endDips = async (tx: Sql | TxSql, skuIds: readonly string[]): Promise<void> => {
  await tx`
    update inventory.dip set state = 'over', over_at = now()
    from inventory.level left join inventory.setting on setting.sku_id = level.sku_id
    where dip.sku_id = any (${skuIds as string[]}) and state = 'open' and level.sku_id = dip.sku_id
      and on_hand - held - sold >= coalesce(setting.reorder_point, 0)`;
};
