import type { Stock } from "@shopnexus/contracts/inventory/stock";
import type { Step } from "#modules/_kit/handler.ts";
import { insertDefault } from "../location/rows.ts";
import type { Sql } from "./rows.ts";

export const open: Step<typeof Stock, "open"> = async ({ sellerId, skuIds }, { db }) => {
  await insertLevels(db.$client, sellerId, skuIds);
  await insertDefault(db.$client, sellerId);
  return {};
};

/** In SKU order, so that two that open the same SKUs wait in line. Leans on level_pkey. */
const insertLevels = async (tx: Sql, sellerId: string, skuIds: readonly string[]): Promise<void> => {
  await tx`
    insert into inventory.level (sku_id, seller_id)
    select distinct sku_id, ${sellerId} from unnest(${skuIds}::text[]) as part(sku_id) order by sku_id
    on conflict do nothing`;
};
