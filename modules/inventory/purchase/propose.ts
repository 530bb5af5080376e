import { randomBytes } from "node:crypto";
import type { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import type { Sql } from "../stock/rows.ts";
import { insertDraft } from "./rows.ts";

export const propose: Step<typeof Purchase, "propose"> = async ({ sellerId, skuId, dip }, { db }) => {
  const wish = await findWish(db.$client, skuId, sellerId);
  if (wish === undefined) return { isDrafted: false };
  const { supplierId, pieces } = wish;
  const purchaseId = deriveId("pur", skuId, "dip", String(dip));
  const code = randomBytes(16).toString("hex");
  await insertDraft(db.$client, {
    purchaseId,
    sellerId,
    supplierId,
    locationId: null,
    code,
    lines: [{ skuId, pieces }],
  });
  return { isDrafted: true };
};

/** From whom, and how many, by the SKU's settings. Leans on setting_pkey. */
const findWish = async (
  tx: Sql,
  skuId: string,
  sellerId: string,
): Promise<{ supplierId: string; pieces: number } | undefined> => {
  const rows = await tx<{ supplierId: string; pieces: number }[]>`
    select supplier_id as "supplierId", reorder_pieces as pieces
    from inventory.setting join inventory.supplier using (supplier_id)
    where sku_id = ${skuId} and supplier.seller_id = ${sellerId} and reorder_pieces is not null`;
  return rows[0];
};
