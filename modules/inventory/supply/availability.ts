import type { Supply } from "@shopnexus/contracts/inventory/supply";
import type { Step } from "#modules/_kit/handler.ts";

/** Leans on level_pkey and setting_pkey. */
export const availability: Step<typeof Supply, "availability"> = async ({ skuIds }, { db }) => {
  const rows = await db.$client<{ skuId: string; available: number; mayWait: boolean }[]>`
    select level.sku_id as "skuId", greatest(on_hand - held - sold - safety_stock, 0)::int as available,
      coalesce(takes_backorders, false) as "mayWait"
    from unnest(${skuIds}::text[]) with ordinality as asked (sku_id, turn)
    join inventory.level using (sku_id) left join inventory.setting using (sku_id)
    order by turn`;
  return { skus: rows.map(({ skuId, available, mayWait }) => ({ skuId, available, mayWait })) };
};
