/**
 * SQL that moves pieces on hand. Whoever uses it holds the lock on the level; shelves are locked after levels, by SKU and
 * location, and before what is written of them: a CHECK is then held against what stands there, not against a snapshot.
 */
import { StockRefusals } from "@shopnexus/contracts/inventory/stock";
import type { ShelfView } from "@shopnexus/contracts/inventory/shelf";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { LevelRow, Sql, TxSql } from "../stock/rows.ts";

/** The level of a SKU of this seller's, locked; somebody else's is as unknown as none. Leans on level_pkey. */
export const lockOwnLevel = async (tx: TxSql, skuId: string, sellerId: string): Promise<LevelRow> => {
  const rows = await tx<LevelRow[]>`
    select sku_id as "skuId", seller_id as "sellerId",
      on_hand::float8 as "onHand", held::float8 as held, sold::float8 as sold,
      safety_stock as "safetyStock"
    from inventory.level where sku_id = ${skuId} and seller_id = ${sellerId} for no key update`;
  if (rows[0] === undefined) throw refuse(StockRefusals.SKU_UNKNOWN, { skuIds: [skuId] });
  return rows[0];
};

/** In one order, so that no two wait in a circle. Leans on shelf_once_a_location. */
export const lockShelves = async (tx: TxSql, skuIds: readonly string[]): Promise<void> => {
  await tx`
    select from inventory.shelf where sku_id = any (${skuIds as string[]})
    order by sku_id, location_id for no key update`;
};

/** Leans on shelf_once_a_location. */
export const listShelves = (tx: Sql | TxSql, skuId: string): Promise<ShelfView[]> => tx<ShelfView[]>`
  select location_id as "locationId", on_hand::float8 as "onHand", picked::float8 as picked,
    (on_hand - picked)::float8 as standing
  from inventory.shelf where sku_id = ${skuId} order by location_id`;

/** So many pieces of a SKU come to a location, or go from it. */
export type Move = {
  readonly skuId: string;
  readonly locationId: string;
  readonly delta: number;
  readonly reason: "receive" | "adjust" | "move_in" | "move_out";
  readonly reference: string;
  readonly actor: string;
  readonly cause?: string;
};

/** Books a move on level and shelf, once; whether it did. Leans on movement_once_a_reason. */
export const bookMove = async (tx: TxSql, move: Move): Promise<boolean> => {
  await tx`
    insert into inventory.shelf (sku_id, location_id) values (${move.skuId}, ${move.locationId})
    on conflict do nothing`;
  await lockShelves(tx, [move.skuId]);
  const rows = await tx`
    with booked as (
      insert into inventory.movement
        (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor, location_id, cause)
      values (${move.reference}, ${move.skuId}, ${move.reason}, ${move.delta}, 0, 0, ${move.actor}, ${move.locationId},
        ${move.cause ?? null})
      on conflict do nothing
      returning sku_id, location_id, on_hand_delta
    ),
    raised as (
      update inventory.level set on_hand = on_hand + on_hand_delta from booked where level.sku_id = booked.sku_id
    )
    update inventory.shelf set on_hand = on_hand + on_hand_delta
    from booked where shelf.sku_id = booked.sku_id and shelf.location_id = booked.location_id
    returning shelf.sku_id`;
  return rows.length > 0;
};

/** What was booked under a reference. Leans on movement_once_a_reason. */
export const findMove = async (
  tx: Sql | TxSql,
  { reference, skuId, reason }: Pick<Move, "reference" | "skuId" | "reason">,
): Promise<{ locationId: string; delta: number; cause: string | null } | undefined> => {
  const rows = await tx<{ locationId: string; delta: number; cause: string | null }[]>`
    select location_id as "locationId", on_hand_delta as delta, cause from inventory.movement
    where reference = ${reference} and sku_id = ${skuId} and reason = ${reason}`;
  return rows[0];
};
