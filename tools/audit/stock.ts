/** Stock against orders: every piece that is sold is in an order, and every level is the sum of its movements. */
import type { Sql } from "postgres";
import { type Check, checkOf } from "./report.ts";

export const auditStock = async (inventory: Sql, order: Sql): Promise<Check[]> => {
  const levels = checkOf("levels", "every level is the sum of its movements, and nothing is oversold");
  const shelves = checkOf("shelves", "pieces on hand lie at a location, as its movements and picks say");
  const serials = checkOf(
    "serials",
    "a numbered piece is where its history says, and none leaves without its number",
  );
  const numbers = checkOf("numbers", "pieces that are to be numbered have a number each");
  const sold = checkOf("pieces", "every piece that is sold is in an order, once");
  const [rows, drifted, misplaced, lost, numbered, waiting, ordered] = await Promise.all([
    inventory<
      { skuId: string; sold: number }[]
    >`select sku_id as "skuId", sold::float8 as sold from inventory.level`,
    inventory`
      select sku_id from inventory.level l left join (
        select sku_id, sum(on_hand_delta) as on_hand, sum(held_delta) as held, sum(sold_delta) as sold
        from inventory.movement group by sku_id) m using (sku_id)
      where l.on_hand <> coalesce(m.on_hand, 0) or l.held <> coalesce(m.held, 0) or l.sold <> coalesce(m.sold, 0)
        or l.held + l.sold > l.on_hand`,
    listMisplaced(inventory),
    listLost(inventory),
    listNumbered(inventory),
    inventory<
      { lineId: string }[]
    >`select line_id as "lineId" from inventory.backorder where state = 'waiting'`,
    order<{ skuId: string; lineId: string; pieces: number }[]>`
      select sku_id as "skuId", line_id as "lineId", (pieces - pieces_back)::int as pieces
      from "order".checkout_line where order_id is not null and pieces > pieces_back`,
  ]);
  levels.look(rows.length);
  for (const row of drifted) levels.find(row["sku_id"], "is not the sum of its movements, or oversold");
  shelves.look(rows.length);
  for (const { skuId, says } of misplaced) shelves.find(skuId, says);
  serials.look(rows.length);
  for (const { skuId, says } of lost) serials.find(skuId, says);
  for (const { skuId, pieces, count } of numbered) {
    numbers.look();
    if (pieces !== count) numbers.find(skuId, `${pieces} pieces on hand, ${count} numbers`);
  }
  const unserved = new Set(waiting.map(({ lineId }) => lineId));
  const inOrders = new Map<string, number>();
  for (const { skuId, lineId, pieces } of ordered)
    if (!unserved.has(lineId)) inOrders.set(skuId, (inOrders.get(skuId) ?? 0) + pieces);
  for (const { skuId, sold: taken } of rows) {
    sold.look();
    const due = inOrders.get(skuId) ?? 0;
    if (taken !== due) sold.find(skuId, `${taken} pieces are sold, ${due} are in orders`);
  }
  return [levels.end(), shelves.end(), serials.end(), { ...numbers.end(), isNote: true }, sold.end()];
};

type Misplaced = { skuId: string; says: string };

/** A level is its shelves together; a shelf is its movements, and what was picked from it is its picks. */
const listMisplaced = (inventory: Sql): Promise<Misplaced[]> => inventory<Misplaced[]>`
  select sku_id as "skuId", 'has other pieces on hand than on its shelves' as says
  from inventory.level l full join (
    select sku_id, sum(on_hand) as on_hand from inventory.shelf group by sku_id) s using (sku_id)
  where coalesce(l.on_hand, 0) <> coalesce(s.on_hand, 0)
  union all
  select sku_id, 'is not at ' || location_id || ' as its movements and picks say'
  from inventory.shelf s full join (
    select sku_id, location_id, sum(on_hand_delta) as on_hand
    from inventory.movement where on_hand_delta <> 0 group by sku_id, location_id) m using (sku_id, location_id)
  full join (
    select sku_id, location_id, sum(pieces) as picked
    from inventory.pick group by sku_id, location_id) p using (sku_id, location_id)
  where coalesce(s.on_hand, 0) <> coalesce(m.on_hand, 0) or coalesce(s.picked, 0) <> coalesce(p.picked, 0)`;

/** Their seller books pieces and adds numbers one after the other, so a difference is his to see to. Leans on serial_next. */
const listNumbered = (inventory: Sql) => inventory<{ skuId: string; pieces: number; count: number }[]>`
  select sku_id as "skuId", on_hand::float8 as pieces, (
    select count(*)::float8 from inventory.serial where serial.sku_id = level.sku_id and state <> 'void'
  ) as count
  from inventory.level join inventory.setting using (sku_id) where has_serials`;

/**
 * Of a line that has numbers, no more pieces left the shelves than it has, and it did not put them back. Numbers of before
 * the history have none.
 */
const listLost = (inventory: Sql): Promise<Misplaced[]> => inventory<Misplaced[]>`
  select s.sku_id as "skuId", s.serial || ' is ' || s.state || ', and was last said to be ' || e.state as says
  from inventory.serial s join (
    select distinct on (sku_id, serial) sku_id, serial, state
    from inventory.serial_event order by sku_id, serial, position desc) e using (sku_id, serial)
  where s.state <> e.state
  union all
  select s.sku_id, s.serial || ' is with ' || s.line_id || ', which has taken none or put them back'
  from inventory.serial s left join inventory.take t on t.line_id = s.line_id
  where s.line_id is not null and t.state is distinct from 'taken'
  union all
  select p.sku_id, p.line_id || ' has fewer numbers than pieces'
  from (select sku_id, line_id, sum(pieces) as pieces from inventory.pick group by sku_id, line_id) p join (
    select sku_id, line_id, count(*) as numbers
    from inventory.serial where line_id is not null group by sku_id, line_id) n using (sku_id, line_id)
  where p.pieces > n.numbers`;
