import type { StockSettings, Supply } from "@shopnexus/contracts/inventory/supply";
import type { In } from "@shopnexus/contracts/kit/contract";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findOwnLevel, type TxSql } from "../stock/rows.ts";
import { endDip } from "./rows.ts";

export const configure: Step<typeof Supply, "configure"> = async (
  wanted,
  { db, who },
): Promise<StockSettings> => {
  const { accountId } = accountOf(who);
  await db.$client.begin(async (tx) => {
    await upsertSetting(tx, wanted, accountId);
    await endDip(tx, wanted.skuId);
  });
  await findOwnLevel(db.$client, wanted.skuId, accountId);
  return wanted;
};

type Wanted = In<typeof Supply, "configure">;

/** Only the seller's own: somebody else's SKU gives no row to write. Leans on level_pkey, setting_pkey. */
const upsertSetting = async (tx: TxSql, wanted: Wanted, sellerId: string): Promise<void> => {
  await tx`
    insert into inventory.setting (sku_id, takes_backorders, has_serials, reorder_point, supplier_email)
    select sku_id, ${wanted.backorder}, ${wanted.serials}, ${wanted.reorderPoint}::int, ${wanted.supplierEmail}::text
    from inventory.level where sku_id = ${wanted.skuId} and seller_id = ${sellerId}
    on conflict (sku_id) do update set takes_backorders = excluded.takes_backorders,
      has_serials = excluded.has_serials, reorder_point = excluded.reorder_point,
      supplier_email = excluded.supplier_email`;
};
