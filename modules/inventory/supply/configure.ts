import type { StockSettings, Supply } from "@shopnexus/contracts/inventory/supply";
import { SupplierRefusals } from "@shopnexus/contracts/inventory/supplier";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
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
    await checkSupplier(tx, wanted, accountId);
    await keepBack(tx, wanted, accountId);
    await upsertSetting(tx, wanted, accountId);
    await endDip(tx, wanted.skuId);
  });
  await findOwnLevel(db.$client, wanted.skuId, accountId);
  return wanted;
};

type Wanted = In<typeof Supply, "configure">;

/** Leans on supplier_pkey. */
const checkSupplier = async (tx: TxSql, { reorder }: Wanted, sellerId: string): Promise<void> => {
  if (reorder === undefined || reorder === null) return;
  const rows = await tx`
    select from inventory.supplier where supplier_id = ${reorder.supplierId} and seller_id = ${sellerId}`;
  if (rows.length === 0) throw refuse(SupplierRefusals.SUPPLIER_UNKNOWN, {});
};

/** Before the setting: levels are locked first. What is spoken for by now stays so. Leans on level_pkey. */
const keepBack = async (tx: TxSql, { skuId, safetyStock = 0 }: Wanted, sellerId: string): Promise<void> => {
  await tx`
    update inventory.level set safety_stock = ${safetyStock}
    where sku_id = ${skuId} and seller_id = ${sellerId} and safety_stock <> ${safetyStock}`;
};

/** Only the seller's own: somebody else's SKU gives no row to write. Leans on level_pkey, setting_pkey. */
const upsertSetting = async (tx: TxSql, wanted: Wanted, sellerId: string): Promise<void> => {
  await tx`
    insert into inventory.setting (sku_id, takes_backorders, has_serials, reorder_point, supplier_email,
      supplier_id, reorder_pieces)
    select sku_id, ${wanted.backorder}, ${wanted.serials}, ${wanted.reorderPoint}::int, ${wanted.supplierEmail}::text,
      ${wanted.reorder?.supplierId ?? null}::text, ${wanted.reorder?.pieces ?? null}::int
    from inventory.level where sku_id = ${wanted.skuId} and seller_id = ${sellerId}
    on conflict (sku_id) do update set takes_backorders = excluded.takes_backorders,
      has_serials = excluded.has_serials, reorder_point = excluded.reorder_point,
      supplier_email = excluded.supplier_email,
      supplier_id = excluded.supplier_id, reorder_pieces = excluded.reorder_pieces`;
};
