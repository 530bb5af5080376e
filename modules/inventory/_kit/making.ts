/** SQL that makes holds: one by itself in one statement, or as many as came together in one call. */
import { HOLD_MS } from "@shopnexus/contracts/inventory/stock";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { assert } from "#modules/_kit/assert.ts";
import { type Ask, type Fragment, holdJson, type Sql, takeTurn } from "../stock/rows.ts";
import type { HoldRow, Line, Sighting } from "../stock/rules.ts";

/**
 * Makes the hold of one line, where that is plain: there are pieces, and no hold stands under this id. Gives when it
 * ends; undefined where it is not plain, and nothing was done. It is written out, turn and all, because a buyer alone
 * waits for each of its parts. Leans on level_pkey, hold_pkey.
 */
export const insertPlainHold = async (
  tx: Sql,
  { skuId, pieces }: Line,
  { holdId, actor }: Ask,
): Promise<string | undefined> => {
  try {
    const rows = await tx<{ until: string }[]>`
      with taken as (
        update inventory.level set held = held + ${pieces}
        where sku_id = ${skuId} and held + sold + ${pieces} <= on_hand - safety_stock
          and not exists (select from inventory.hold where hold_id = ${holdId})
          and pg_advisory_xact_lock(hashtextextended(${holdId}, 0)) is not null
        returning sku_id
      ),
      booked as (
        insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
        select ${holdId}, sku_id, 'reserve', 0, ${pieces}, 0, ${actor} from taken
      )
      insert into inventory.hold (hold_id, sku_ids, pieces, state, expires_at, held_at)
      select ${holdId}, array[sku_id], array[${pieces}::int], 'held', now() + ${HOLD_MS} * interval '1 ms', now()
      from taken
      returning to_json(expires_at) as until`;
    return rows[0]?.until;
  } catch (error) {
    // A twin in another process was first, and its hold is younger than this statement's look at the holds.
    if (brokenConstraint(error) !== "hold_pkey") throw error;
    return undefined;
  }
};

export type Found = {
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
export const insertHold = async (tx: Sql, lines: readonly Line[], { holdId, actor }: Ask): Promise<Found> => {
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
      where level.sku_id = locked.sku_id and available >= pieces and held + sold + pieces <= on_hand - safety_stock
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
      (
        select greatest(on_hand - held - sold - safety_stock, 0) from inventory.level where level.sku_id = wanted.sku_id
      ) as available
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
      select greatest(on_hand - held - sold - safety_stock, 0) as available
      from inventory.level where level.sku_id = wanted.sku_id for no key update
    ) as fresh
  )`;

/** One purchase of many: its hold, and its lines in lock order. */
export type Purchase = { readonly holdId: string; readonly lines: readonly Line[] };

/** What was decided about a purchase in company: made; or short, by what there was; or to be tried by itself. */
export type Verdict = { readonly madeUntil: string } | { readonly sightings: readonly Sighting[] } | "alone";

type Together = {
  readonly madeUntil: string;
  readonly verdicts: readonly ("made" | "short" | "alone")[];
  readonly lineStock: readonly (number | null)[];
};

/** Makes the holds that fit, each whole, decided in the order given: all of it is one statement, `reserve_together`. */
export const insertHolds = async (
  tx: Sql,
  purchases: readonly Purchase[],
  actor: string,
): Promise<Verdict[]> => {
  const lines = purchases.flatMap((purchase) => purchase.lines);
  const places = placesOf(lines);
  const rows = await tx<Together[]>`
    select to_json(made_until) as "madeUntil", to_json(verdicts) as verdicts, to_json(line_stock) as "lineStock"
    from inventory.reserve_together(
      ${purchases.map(({ holdId }) => holdId)}::text[],
      ${purchases.map((purchase) => purchase.lines.length)}::int[],
      ${lines.map(({ skuId }) => places.get(skuId) ?? 0)}::int[],
      ${lines.map(({ pieces }) => pieces)}::int[],
      ${[...places.keys()]}::text[],
      ${HOLD_MS},
      ${actor}
    )`;
  const decided = rows[0];
  assert(decided, "the function returns one row");
  return verdictsOf(purchases, decided);
};

/** Each SKU once, with its place among them, counted from one as Postgres does. */
const placesOf = (lines: readonly Line[]): Map<string, number> => {
  const places = new Map<string, number>();
  for (const { skuId } of lines) if (!places.has(skuId)) places.set(skuId, places.size + 1);
  return places;
};

const verdictsOf = (purchases: readonly Purchase[], decided: Together): Verdict[] => {
  const { madeUntil, verdicts, lineStock } = decided;
  let first = 0;
  return purchases.map(({ lines }, at) => {
    const stock = lineStock.slice(first, (first += lines.length));
    if (verdicts[at] === "made") return { madeUntil };
    if (verdicts[at] !== "short") return "alone";
    return {
      sightings: lines.map(({ skuId, pieces }, line) => ({
        skuId,
        wanted: pieces,
        available: stock[line] ?? null,
      })),
    };
  });
};
