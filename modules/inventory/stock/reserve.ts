import { type Hold, HOLD_MS, type Stock } from "@shopnexus/contracts/inventory/stock";
import { epochMs, instant } from "@shopnexus/contracts/kit/time";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import {
  type Ask,
  findHold,
  type Fragment,
  holdJson,
  insertShares,
  lockLevels,
  type Sql,
  takeTurn,
} from "./rows.ts";
import {
  type HoldRow,
  inLockOrder,
  type Line,
  repeatOf,
  sharesOf,
  shortageIn,
  type Sighting,
} from "./rules.ts";

export const reserve: Step<typeof Stock, "reserve"> = async ({ holdId, lines }, { db, who }) => {
  const sorted = inLockOrder(lines);
  const ask = { holdId, actor: actorOf(who) };
  const found = await insertHold(db.$client, sorted, ask);
  if (found.madeUntil !== null) return until(holdId, found.madeUntil, []);
  const known = found.known ?? (await findHold(db.$client, holdId));
  if (known !== undefined) return answerAgain(holdId, known, sorted);
  if (sorted.some(({ backorder }) => backorder !== undefined)) return reservePartly(db.$client, sorted, ask);
  const shortage = shortageIn(found.sightings);
  assert(shortage, "a hold that was not made has a twin, or a line that is short");
  throw shortage;
};

const answerAgain = (holdId: string, known: HoldRow, lines: readonly Line[]): Hold => {
  const answer = repeatOf(known, lines);
  if (typeof answer !== "string") throw answer;
  return until(holdId, answer, known.waits.map(({ skuId }) => skuId).toSorted());
};

const until = (holdId: string, at: string, backordered: string[]): Hold => ({
  holdId,
  expiresAt: instant(epochMs(at)),
  backordered,
});

/** The long way, for a buyer who would wait: under the locks of its levels each line is held or gets its place. */
const reservePartly = async (sql: Sql, lines: readonly Line[], ask: Ask): Promise<Hold> => {
  const skuIds = lines.map(({ skuId }) => skuId);
  await sql.begin(async (tx) => {
    await tx`select ${takeTurn(tx, ask.holdId)}`;
    if ((await findHold(tx, ask.holdId)) !== undefined) return;
    const shares = sharesOf(lines, await lockLevels(tx, skuIds));
    if (shares instanceof RefusalError) throw shares;
    await insertShares(tx, shares, ask);
  });
  const made = await findHold(sql, ask.holdId);
  assert(made, "it was made just now, by us or by a twin");
  return answerAgain(ask.holdId, made, lines);
};

type Found = {
  /** When the hold that this statement made ends; null when it made none. */
  readonly madeUntil: string | null;
  readonly known: HoldRow | null;
  readonly sightings: readonly Sighting[];
};

/**
 * Makes the hold, unless one stands under this id or a line is short. A sold-out SKU is seen without a lock and
 * without a write, so that losers do not queue behind winners. What fits is locked in SKU order, looked at again, and
 * taken by a conditional update; a line it should miss breaks `movement` and undoes all. Leans on level_pkey, hold_pkey.
 */
const insertHold = async (tx: Sql, lines: readonly Line[], { holdId, actor }: Ask): Promise<Found> => {
  const skuIds = lines.map((line) => line.skuId);
  const pieces = lines.map((line) => line.pieces);
  const rows = await tx<Found[]>`
    with known as (select ${holdJson(tx)} as hold from inventory.hold where hold_id = ${holdId}),
    ${lockWanted(tx, lines, holdId)},
    made as (
      insert into inventory.hold (hold_id, sku_ids, pieces, state, expires_at, held_at)
      select ${holdId}, ${skuIds}::text[], ${pieces}::int[], 'held', now() + ${HOLD_MS} * interval '1 ms', now()
      from locked having count(*) filter (where available >= pieces) = ${lines.length}
      on conflict do nothing
      returning expires_at
    ),
    moved as (
      update inventory.level set held = held + locked.pieces
      from made, locked
      where level.sku_id = locked.sku_id and available >= pieces and held + sold + pieces <= on_hand
      returning level.sku_id
    ),
    booked as (
      insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
      select ${holdId}, sku_id, 'reserve', case when moved.sku_id is not null then 0 end, pieces, 0, ${actor}
      from made, wanted left join moved using (sku_id)
    )
    select (select to_json(expires_at) from made) as "madeUntil",
      (select hold from known) as known,
      case when not exists (select from made) then (
        select json_agg(json_build_object(
          'skuId', seen.sku_id, 'wanted', seen.pieces, 'available', coalesce(locked.available, seen.available)
        )) from seen left join locked using (sku_id)
      ) end as sightings`;
  const found = rows[0];
  assert(found, "a select of scalars gives one row");
  return found;
};

/**
 * The levels of the lines, seen, and locked if all fit. The lines come through a select, and each level by a look-up of
 * its own: so the plan is the same for one line and a hundred, is kept, and never reads a level that is not asked for.
 */
const lockWanted = (tx: Sql, lines: readonly Line[], holdId: string): Fragment => tx`
  wanted as (
    select sku_id, pieces from unnest(
      (select ${lines.map((line) => line.skuId)}::text[]),
      (select ${lines.map((line) => line.pieces)}::int[])
    ) as part(sku_id, pieces)
    order by sku_id
  ),
  seen as (
    select sku_id, pieces,
      (select on_hand - held - sold from inventory.level where level.sku_id = wanted.sku_id) as available
    from wanted
  ),
  turn as (
    select ${takeTurn(tx, holdId)}
    where not exists (select from known)
      and not exists (select from seen where available is null or available < pieces)
  ),
  locked as (
    select wanted.sku_id, pieces, available
    from turn, wanted, lateral (
      select on_hand - held - sold as available
      from inventory.level where level.sku_id = wanted.sku_id for no key update
    ) as fresh
  )`;
