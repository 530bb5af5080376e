import { type Backorder, SERVED_COUNT_MAX } from "@shopnexus/contracts/inventory/backorder";
import type { In, Out } from "@shopnexus/contracts/kit/contract";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { lockLevels, type Sql, type TxSql } from "../stock/rows.ts";

export const serve: Step<typeof Backorder, "serve"> = async (ask, { db, who }) => {
  if (await isAwaited(db.$client, ask.skuIds)) {
    await db.$client.begin(async (tx) => {
      await lockLevels(tx, ask.skuIds);
      await serveQueues(tx, ask, actorOf(who));
    });
  }
  const served = await listServed(db.$client, ask);
  return { served, isFull: served.length >= SERVED_COUNT_MAX };
};

type Ask = In<typeof Backorder, "serve">;
type Served = Out<typeof Backorder, "serve">["served"];

/**
 * Looks before it locks: hardly any SKU is waited for. Whoever comes into a queue later serves it himself, and sees
 * the pieces that are there by now. Leans on backorder_queue.
 */
const isAwaited = async (tx: Sql, skuIds: readonly string[]): Promise<boolean> => {
  const rows = await tx`
    select from inventory.backorder where sku_id = any (${skuIds as string[]}) and state = 'waiting' limit 1`;
  return rows.length > 0;
};

/**
 * Under the locks of the levels each queue is read from its beginning as far as the pieces reach: a line is never passed
 * over for one behind it. Each piece of `available` serves one line at most. Leans on backorder_queue, backorder_served.
 */
const serveQueues = async (tx: TxSql, { reference, skuIds }: Ask, actor: string): Promise<void> => {
  await tx`
    with line as (
      select line_id, level.sku_id, position, on_hand - held - sold - safety_stock as available,
        sum(pieces) over (partition by level.sku_id order by position) as reach
      from inventory.level, lateral (
        select line_id, pieces, position from inventory.backorder
        where backorder.sku_id = level.sku_id and state = 'waiting'
        order by position limit greatest(on_hand - held - sold - safety_stock, 0)
      ) as queue
      where level.sku_id = any (${skuIds})
    ),
    fitting as (
      select line_id from line where reach <= available order by sku_id, position
      limit (
        select greatest(${SERVED_COUNT_MAX} - count(*), 0) from inventory.backorder
        where served_by = ${reference} and sku_id = any (${skuIds}) and state = 'served'
      )
    ),
    done as (
      update inventory.backorder set state = 'served', served_by = ${reference}, served_at = now()
      from fitting where backorder.line_id = fitting.line_id and state = 'waiting'
      returning backorder.line_id, sku_id, pieces
    ),
    total as (select sku_id, sum(pieces) as pieces from done group by sku_id),
    moved as (
      update inventory.level set sold = sold + total.pieces from total where level.sku_id = total.sku_id
    )
    insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
    select line_id, sku_id, 'serve', 0, 0, pieces, ${actor} from done`;
};

/** Leans on backorder_served. */
const listServed = async (tx: Sql, { reference, skuIds }: Ask): Promise<Served> => {
  const rows = await tx<Served>`
    select order_id as "orderId", line_id as "lineId" from inventory.backorder
    where served_by = ${reference} and sku_id = any (${skuIds}) and state = 'served'
    order by sku_id, position`;
  return [...rows];
};
