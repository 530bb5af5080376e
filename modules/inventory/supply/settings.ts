import type { StockSettings, Supply } from "@shopnexus/contracts/inventory/supply";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findOwnLevel, type Sql } from "../stock/rows.ts";

export const settings: Step<typeof Supply, "settings"> = async ({ skuId }, { db, who }) => {
  await findOwnLevel(db.$client, skuId, accountOf(who).accountId);
  return (await findSettings(db.$client, skuId)) ?? { skuId, ...PLAIN };
};

const PLAIN = {
  backorder: false,
  serials: false,
  reorderPoint: null,
  supplierEmail: null,
  safetyStock: 0,
  reorder: null,
};

/** Leans on setting_pkey. */
const findSettings = async (tx: Sql, skuId: string): Promise<StockSettings | undefined> => {
  const rows = await tx<StockSettings[]>`
    select sku_id as "skuId", takes_backorders as backorder, has_serials as serials,
      reorder_point as "reorderPoint", supplier_email as "supplierEmail", level.safety_stock as "safetyStock",
      case when supplier_id is not null then
        json_build_object('supplierId', supplier_id, 'pieces', reorder_pieces) end as reorder
    from inventory.setting join inventory.level using (sku_id) where sku_id = ${skuId}`;
  return rows[0];
};
