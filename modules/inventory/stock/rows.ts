/**
 * SQL that the verbs share. A verb's own statement is one statement and so one transaction: it needs one trip, and the
 * locks on hot levels last no longer than it does. All go through the driver, which keeps their plans.
 *
 * Order of locks, everywhere: the hold's turn, the hold, then levels by SKU, then lines that wait. So no two of them
 * ever wait in a circle.
 */
import { HOLD_MS, StockRefusals } from "@shopnexus/contracts/inventory/stock";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Db } from "#db/_kit/database.ts";
import type { HoldRow, Shares, Shelf } from "./rules.ts";

export type Sql = Db["$client"];
/** One transaction of several statements: where a decision lies between two of them. */
export type TxSql = Parameters<Parameters<Sql["begin"]>[1]>[0];
export type Fragment = ReturnType<Sql>;

/** Which hold, and who asks. */
export type Ask = { readonly holdId: string; readonly actor: string };

/**
 * One at a time for a hold: a reserve that is still writing its hold and an undo of it would otherwise wait for each
 * other, one holding the level and one the hold. It orders; correctness is in the writes.
 */
export const takeTurn = (tx: Sql | TxSql, holdId: string): Fragment =>
  tx`pg_advisory_xact_lock(hashtextextended(${holdId}::text, 0))`;

/**
 * The beginning of a statement about many holds: `turns` has them all, as `asked`, once each one's turn has come, in one
 * order. A lock that is not had in a second ends the statement: then each of them is tried by itself.
 */
export const takeTurns = (tx: Sql, holdIds: readonly string[]): Fragment => tx`
  patience as materialized (
    select ${holdIds as string[]}::text[] as asked, set_config('lock_timeout', '1s', true)
  ),
  each_turn as materialized (
    select pg_advisory_xact_lock(turn) from (
      select distinct hashtextextended(hold_id, 0) as turn from patience, unnest(asked) as part(hold_id) order by turn
    ) as sorted
  ),
  turns as materialized (select asked, count(*) from patience, each_turn group by asked)`;

/**
 * The rest of a statement whose `done` gives (hold_id, sku_ids, pieces, reason, held_sign, sold_sign): moves the levels
 * and books each line. A line whose level did not move has no `on_hand_delta`, which the table refuses: all or none.
 * `done` must take no hold that is younger than the statement's snapshot, as an upsert would: Postgres holds the CHECKs
 * against the levels of the snapshot before it looks at the newest ones. Leans on level_pkey.
 */
export const moveLines = (tx: Sql, actor: string): Fragment => tx`
  line as (
    select done.hold_id, done.reason, part.sku_id, part.pieces,
      part.pieces * done.held_sign as held_delta, part.pieces * done.sold_sign as sold_delta
    from done, unnest(done.sku_ids, done.pieces) as part(sku_id, pieces)
  ),
  total as (
    select sku_id, sum(pieces) as pieces, sum(held_delta) as held_delta, sum(sold_delta) as sold_delta
    from line group by sku_id order by sku_id
  ),
  locked as (
    select total.* from total, lateral (
      select from inventory.level where level.sku_id = total.sku_id for no key update
    ) as fresh
  ),
  moved as (
    update inventory.level set held = held + locked.held_delta, sold = sold + locked.sold_delta
    from locked where level.sku_id = locked.sku_id and pieces > 0
    returning level.sku_id
  ),
  booked as (
    insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
    select line.hold_id, line.sku_id, line.reason,
      case when moved.sku_id is not null then 0 end, line.held_delta, line.sold_delta, ${actor}
    from line left join moved using (sku_id)
  )`;

/** The rest of a statement whose `done` gives (hold_id): nothing of these holds waits any more. Leans on backorder_of_hold. */
export const giveUpWaiting = (tx: Sql): Fragment => tx`
  given_up as (
    update inventory.backorder set state = 'cancelled', cancelled_at = now()
    from done where backorder.hold_id = done.hold_id and backorder.state in ('reserved', 'waiting')
  )`;

/** Gives a held hold's pieces back, and its waiting lines up; whether it did. Leans on hold_pkey. */
export const freeHold = async (
  tx: Sql,
  { holdId, actor, mayBeRestocked }: Ask & { readonly mayBeRestocked: boolean },
): Promise<boolean> => {
  const rows = await tx`
    with turn as (select ${takeTurn(tx, holdId)}),
    done as (
      update inventory.hold set state = 'released', released_at = now()
      from turn
      where hold_id = ${holdId} and state = 'held' and (restocked_at is null or ${mayBeRestocked})
      returning hold_id, sku_ids, pieces, 'release' as reason, -1 as held_sign, 0 as sold_sign
    ),
    ${giveUpWaiting(tx)},
    ${moveLines(tx, actor)}
    select hold_id from done`;
  return rows.length > 0;
};

/** Makes a hold of what is held, and gives what waits its place; nothing where one stands under this id. */
export const insertShares = async (
  tx: TxSql,
  { held, waiting }: Shares,
  { holdId, actor }: Ask,
): Promise<void> => {
  await tx`
    with made as (
      insert into inventory.hold (hold_id, sku_ids, pieces, state, expires_at, held_at)
      values (${holdId}, ${held.map(({ skuId }) => skuId)}::text[], ${held.map(({ pieces }) => pieces)}::int[],
        'held', now() + ${HOLD_MS} * interval '1 ms', now())
      on conflict do nothing
      returning hold_id, sku_ids, pieces
    ),
    line as (select hold_id, part.* from made, unnest(sku_ids, made.pieces) as part(sku_id, pieces)),
    moved as (
      update inventory.level set held = held + line.pieces from line where level.sku_id = line.sku_id
    ),
    booked as (
      insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
      select hold_id, sku_id, 'reserve', 0, pieces, 0, ${actor} from line
    )
    insert into inventory.backorder (line_id, order_id, hold_id, sku_id, pieces, reserved_pieces)
    select line_id, order_id, hold_id, sku_id, part.pieces, part.pieces
    from made, unnest(
      ${waiting.map(({ backorder }) => backorder.lineId)}::text[],
      ${waiting.map(({ backorder }) => backorder.orderId)}::text[],
      ${waiting.map(({ skuId }) => skuId)}::text[],
      ${waiting.map(({ pieces }) => pieces)}::int[]
    ) as part(line_id, order_id, sku_id, pieces)`;
};

/** Where there is no hold, leaves word that its undo was here; whether it did. Leans on hold_pkey. */
export const insertTombstone = async (tx: Sql, holdId: string): Promise<boolean> => {
  const rows = await tx`
    with turn as (select ${takeTurn(tx, holdId)})
    insert into inventory.hold (hold_id, sku_ids, pieces, state, released_at)
    select ${holdId}, '{}', '{}', 'released', now() from turn
    on conflict do nothing
    returning hold_id`;
  return rows.length > 0;
};

/** A hold as JSON, in the shape of `HoldRow`. Leans on backorder_of_hold. */
export const holdJson = (tx: Sql | TxSql): Fragment => tx`
  json_build_object(
    'state', hold.state, 'skuIds', hold.sku_ids, 'pieces', hold.pieces,
    'expiresAt', hold.expires_at, 'isRestocked', hold.restocked_at is not null,
    'waits', (
      select coalesce(json_agg(json_build_object('skuId', sku_id, 'pieces', reserved_pieces, 'lineId', line_id)), '[]')
      from inventory.backorder where backorder.hold_id = hold.hold_id
    )
  )`;

/** The hold as committed by now. Leans on hold_pkey. */
export const findHold = async (tx: Sql | TxSql, holdId: string): Promise<HoldRow | undefined> => {
  const rows = await tx<{ hold: HoldRow }[]>`
    select ${holdJson(tx)} as hold from inventory.hold where hold_id = ${holdId}`;
  return rows[0]?.hold;
};

/** What there is to be sold of some SKUs, by SKU, locked until the transaction ends. Leans on level_pkey, setting_pkey. */
export const lockLevels = (tx: TxSql, skuIds: readonly string[]): Promise<Shelf[]> => tx<Shelf[]>`
  select level.sku_id as "skuId", greatest(on_hand - held - sold - safety_stock, 0)::float8 as available,
    coalesce(takes_backorders, false) as "takesBackorders"
  from inventory.level left join inventory.setting on setting.sku_id = level.sku_id
  where level.sku_id = any (${skuIds as string[]}) order by level.sku_id for no key update of level`;

export type LevelRow = {
  skuId: string;
  sellerId: string;
  onHand: number;
  held: number;
  sold: number;
  safetyStock: number;
};

/** The level of one SKU; counts are far below 2^53. Leans on level_pkey. */
export const findLevel = async (tx: Sql, skuId: string): Promise<LevelRow | undefined> => {
  const rows = await tx<LevelRow[]>`
    select sku_id as "skuId", seller_id as "sellerId",
      on_hand::float8 as "onHand", held::float8 as held, sold::float8 as sold,
      safety_stock as "safetyStock"
    from inventory.level where sku_id = ${skuId}`;
  return rows[0];
};

/** The level of a SKU of this seller's; somebody else's is as unknown as none. */
export const findOwnLevel = async (tx: Sql, skuId: string, sellerId: string): Promise<LevelRow> => {
  const row = await findLevel(tx, skuId);
  if (row?.sellerId !== sellerId) throw refuse(StockRefusals.SKU_UNKNOWN, { skuIds: [skuId] });
  return row;
};
