import { randomBytes } from "node:crypto";
import type { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { StockRefusals } from "@shopnexus/contracts/inventory/stock";
import { SupplierRefusals } from "@shopnexus/contracts/inventory/supplier";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { placeOf } from "../location/rows.ts";
import type { TxSql } from "../stock/rows.ts";
import { findPurchase, insertDraft } from "./rows.ts";

export const draft: Step<typeof Purchase, "draft"> = async (wanted, { db, who }) => {
  const { accountId: sellerId } = accountOf(who);
  const { attemptId, supplierId, lines } = wanted;
  const purchaseId = deriveId("pur", sellerId, attemptId);
  return db.$client.begin(async (tx) => {
    if (!(await hasSupplier(tx, sellerId, supplierId))) throw refuse(SupplierRefusals.SUPPLIER_UNKNOWN, {});
    const { locationId = null } = wanted;
    if (locationId !== null) await placeOf(tx, sellerId, locationId);
    const unknown = await listUnknown(
      tx,
      sellerId,
      lines.map(({ skuId }) => skuId),
    );
    if (unknown.length > 0) throw refuse(StockRefusals.SKU_UNKNOWN, { skuIds: unknown });
    const code = randomBytes(16).toString("hex");
    await insertDraft(tx, { purchaseId, sellerId, supplierId, locationId, code, lines });
    return findPurchase(tx, { purchaseId, sellerId });
  });
};

/** Leans on supplier_pkey. */
const hasSupplier = async (tx: TxSql, sellerId: string, supplierId: string): Promise<boolean> => {
  const rows = await tx`
    select from inventory.supplier where supplier_id = ${supplierId} and seller_id = ${sellerId}`;
  return rows.length > 0;
};

/** Leans on level_pkey. */
const listUnknown = async (tx: TxSql, sellerId: string, skuIds: string[]): Promise<string[]> => {
  const rows = await tx<{ skuId: string }[]>`
    select asked.sku_id as "skuId" from unnest(${skuIds}::text[]) as asked(sku_id)
    where not exists (select from inventory.level where level.sku_id = asked.sku_id and seller_id = ${sellerId})`;
  return rows.map(({ skuId }) => skuId);
};
