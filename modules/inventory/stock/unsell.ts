import type { Stock } from "@shopnexus/contracts/inventory/stock";
import type { In } from "@shopnexus/contracts/kit/contract";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { unpick } from "../_kit/picks.ts";
import { lockLevels, type TxSql } from "./rows.ts";
import { inLockOrder } from "./rules.ts";

export const unsell: Step<typeof Stock, "unsell"> = async ({ reference, lines }, { db, who }) => {
  const sorted = inLockOrder(lines);
  await db.$client.begin(async (tx) => {
    await lockLevels(
      tx,
      sorted.map(({ skuId }) => skuId),
    );
    await unpick(tx, await takeBack(tx, { reference, lines: sorted, actor: actorOf(who) }));
  });
  return {};
};

/** So many pieces of a line were sold, and are there again. */
type Returned = { lineId: string; pieces: number };

type Back = {
  readonly reference: string;
  readonly lines: readonly In<typeof Stock, "unsell">["lines"][number][];
  readonly actor: string;
};

/**
 * Whether a line still waits is settled by the locks on its level, under which it would be served. A hold that ends may
 * still cancel it: then nothing of it is left to be given up. Leans on unsold_once_a_reference, backorder_pkey.
 */
const takeBack = async (tx: TxSql, { reference, lines, actor }: Back): Promise<Returned[]> => tx<Returned[]>`
    with line as (
      select part.*, coalesce(state in ('reserved', 'waiting', 'cancelled'), false) as is_unserved
      from unnest(
        ${lines.map(({ lineId }) => lineId)}::text[],
        ${lines.map(({ skuId }) => skuId)}::text[],
        ${lines.map(({ pieces }) => pieces)}::int[]
      ) as part(line_id, sku_id, pieces)
      join inventory.level using (sku_id)
      left join inventory.backorder on backorder.line_id = part.line_id
    ),
    fresh as (
      insert into inventory.unsold (reference, sku_id, line_id, pieces, returned_pieces)
      select ${reference}, sku_id, line_id, pieces, case when is_unserved then 0 else pieces end from line
      on conflict do nothing
      returning sku_id, line_id, pieces, returned_pieces
    ),
    given_up as (
      update inventory.backorder set
        pieces = case when backorder.pieces > fresh.pieces then backorder.pieces - fresh.pieces else backorder.pieces end,
        state = case when backorder.pieces > fresh.pieces then state else 'cancelled' end,
        cancelled_at = case when backorder.pieces > fresh.pieces then null else now() end
      from fresh
      where backorder.line_id = fresh.line_id and returned_pieces = 0 and state in ('reserved', 'waiting')
    ),
    moved as (
      update inventory.level set sold = sold - returned_pieces from fresh where level.sku_id = fresh.sku_id
    ),
    booked as (
      insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
      select ${reference}, sku_id, 'return', 0, 0, -returned_pieces, ${actor} from fresh where returned_pieces > 0
    )
    select line_id as "lineId", returned_pieces as pieces from fresh where returned_pieces > 0`;
