/** The ways of others at the same database: each writes what ours writes, a level, a hold and a movement. */
import { freshId } from "@shopnexus/contracts/kit/id";
import type { Sql } from "postgres";
import { openDatabase } from "#db/_kit/database.ts";
import type { Way } from "./ways.ts";

/** (a) The textbook's: lock the row, look, write, commit; the lock lasts for all of these trips. */
export const forUpdate = (url: string): Way => {
  const { db, close } = openDatabase(url, { name: "bench" });
  return {
    name: "forUpdate",
    close,
    reserve: (skuId) =>
      db.$client.begin(async (tx) => {
        const holdId = freshId("hld");
        const [level] = await tx<{ available: number }[]>`
          select (on_hand - held - sold)::int as available from inventory.level where sku_id = ${skuId} for update`;
        if (level === undefined || level.available < 1) return false;
        await tx`update inventory.level set held = held + 1 where sku_id = ${skuId}`;
        await tx`
          insert into inventory.hold (hold_id, sku_ids, pieces, state, expires_at, held_at)
          values (${holdId}, ${[skuId]}, '{1}', 'held', now() + interval '15 min', now())`;
        await tx`
          insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
          values (${holdId}, ${skuId}, 'reserve', 0, 1, 0, 'bench')`;
        return true;
      }) as Promise<boolean>,
  };
};

/** (b) One statement an order, which takes a piece only where there is one, and once for a hold. */
export const conditional = (url: string): Way => {
  const { db, close } = openDatabase(url, { name: "bench" });
  return {
    name: "conditional",
    close,
    reserve: (skuId) => take(db.$client, { skuId, holdId: freshId("hld") }),
  };
};

export type Piece = { readonly skuId: string; readonly holdId: string };

/** The whole of (b), and what stands behind the queue of (c). */
export const take = async (sql: Sql, { skuId, holdId }: Piece): Promise<boolean> => {
  const rows = await sql`
    with taken as (
      update inventory.level set held = held + 1
      where sku_id = ${skuId} and held + sold + 1 <= on_hand
        and not exists (select from inventory.hold where hold_id = ${holdId})
      returning sku_id
    ),
    made as (
      insert into inventory.hold (hold_id, sku_ids, pieces, state, expires_at, held_at)
      select ${holdId}, array[sku_id], '{1}', 'held', now() + interval '15 min', now() from taken
    ),
    booked as (
      insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
      select ${holdId}, sku_id, 'reserve', 0, 1, 0, 'bench' from taken
    )
    select sku_id from taken`;
  return rows.length > 0;
};

/** What (d) writes behind its counters: many at once, in one transaction. */
export const takeAll = async (sql: Sql, pieces: readonly Piece[]): Promise<void> => {
  await sql`
    with piece as (
      select * from unnest(
        ${pieces.map(({ holdId }) => holdId)}::text[], ${pieces.map(({ skuId }) => skuId)}::text[]
      ) as part(hold_id, sku_id)
    ),
    total as (select sku_id, count(*) as pieces from piece group by sku_id),
    taken as (
      update inventory.level set held = held + total.pieces from total where level.sku_id = total.sku_id
    ),
    made as (
      insert into inventory.hold (hold_id, sku_ids, pieces, state, expires_at, held_at)
      select hold_id, array[sku_id], '{1}', 'held', now() + interval '15 min', now() from piece
    )
    insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
    select hold_id, sku_id, 'reserve', 0, 1, 0, 'bench' from piece`;
};
