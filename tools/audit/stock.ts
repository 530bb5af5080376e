/** Stock against orders: every piece that is sold is in an order, and every level is the sum of its movements. */
import type { Sql } from "postgres";
import { type Check, checkOf } from "./report.ts";

export const auditStock = async (inventory: Sql, order: Sql): Promise<Check[]> => {
  const levels = checkOf("levels", "every level is the sum of its movements, and nothing is oversold");
  const sold = checkOf("pieces", "every piece that is sold is in an order, once");
  const [rows, drifted, waiting, ordered] = await Promise.all([
    inventory<
      { skuId: string; sold: number }[]
    >`select sku_id as "skuId", sold::float8 as sold from inventory.level`,
    inventory`
      select sku_id from inventory.level l left join (
        select sku_id, sum(on_hand_delta) as on_hand, sum(held_delta) as held, sum(sold_delta) as sold
        from inventory.movement group by sku_id) m using (sku_id)
      where l.on_hand <> coalesce(m.on_hand, 0) or l.held <> coalesce(m.held, 0) or l.sold <> coalesce(m.sold, 0)
        or l.held + l.sold > l.on_hand`,
    inventory<
      { lineId: string }[]
    >`select line_id as "lineId" from inventory.backorder where state = 'waiting'`,
    order<{ skuId: string; lineId: string; pieces: number }[]>`
      select sku_id as "skuId", line_id as "lineId", (pieces - pieces_back)::int as pieces
      from "order".checkout_line where order_id is not null and pieces > pieces_back`,
  ]);
  levels.look(rows.length);
  for (const row of drifted) levels.find(row["sku_id"], "is not the sum of its movements, or oversold");
  const unserved = new Set(waiting.map(({ lineId }) => lineId));
  const inOrders = new Map<string, number>();
  for (const { skuId, lineId, pieces } of ordered)
    if (!unserved.has(lineId)) inOrders.set(skuId, (inOrders.get(skuId) ?? 0) + pieces);
  for (const { skuId, sold: taken } of rows) {
    sold.look();
    const due = inOrders.get(skuId) ?? 0;
    if (taken !== due) sold.find(skuId, `${taken} pieces are sold, ${due} are in orders`);
  }
  return [levels.end(), sold.end()];
};
