import type { Backorder } from "@shopnexus/contracts/inventory/backorder";
import type { Step } from "#modules/_kit/handler.ts";
import type { Sql } from "../stock/rows.ts";

export const enqueue: Step<typeof Backorder, "enqueue"> = async ({ orderId }, { db }) => {
  await updateReserved(db.$client, orderId);
  return { skuIds: await listQueued(db.$client, orderId) };
};

/** Leans on backorder_of_order, hold_pkey. */
const updateReserved = async (tx: Sql, orderId: string): Promise<void> => {
  await tx`
    update inventory.backorder set state = 'waiting'
    from inventory.hold
    where order_id = ${orderId} and backorder.state = 'reserved'
      and hold.hold_id = backorder.hold_id and hold.state = 'committed'`;
};

/** Leans on backorder_of_order. */
const listQueued = async (tx: Sql, orderId: string): Promise<string[]> => {
  const rows = await tx<{ skuId: string }[]>`
    select distinct sku_id as "skuId" from inventory.backorder
    where order_id = ${orderId} and state in ('waiting', 'served') order by sku_id`;
  return rows.map(({ skuId }) => skuId);
};
