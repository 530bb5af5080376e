/** What the tables say of a world, in the words of its model. */
import type { Db } from "#db/_kit/database.ts";
import { piecesOf, SKU_COUNT } from "./asks.ts";
import type { Model } from "./model.ts";
import { holdIdOf, lineIdOf, type World } from "./world.ts";

export type Sight = {
  readonly levels: readonly { onHand: number; held: number; sold: number }[];
  /** By SKU, by place. */
  readonly shelves: readonly (readonly { onHand: number; picked: number }[])[];
  readonly holds: Readonly<Record<string, string>>;
  /** By SKU, the oldest first, with the line that has it. */
  readonly serials: readonly (readonly (readonly [string, string, string | null])[])[];
};

export const sightOf = async (db: Db, world: World, model: Model): Promise<Sight> => {
  const [sql, { skuIds, locationIds }] = [db.$client, world];
  const holdIds = [...model.holds.keys()].map((hold) => holdIdOf(world, hold));
  const [levels, shelves, holds, serials] = await Promise.all([
    sql<{ skuId: string; onHand: number; held: number; sold: number }[]>`
      select sku_id as "skuId", on_hand::int as "onHand", held::int as held, sold::int as sold
      from inventory.level where sku_id = any (${skuIds})`,
    sql<{ skuId: string; locationId: string; onHand: number; picked: number }[]>`
      select sku_id as "skuId", location_id as "locationId", on_hand::int as "onHand", picked::int as picked
      from inventory.shelf where sku_id = any (${skuIds})`,
    sql<{ holdId: string; state: string }[]>`
      select hold_id as "holdId", case when expires_at is null then 'never'
        when state = 'held' and restocked_at is not null then 'restocked' else state end as state
      from inventory.hold where hold_id = any (${holdIds})`,
    sql<{ skuId: string; serial: string; state: string; lineId: string | null }[]>`
      select sku_id as "skuId", serial, state, line_id as "lineId" from inventory.serial
      where sku_id = any (${skuIds}) order by position`,
  ]);
  return {
    levels: skuIds.map((skuId) => {
      const { onHand, held, sold } = levels.find((row) => row.skuId === skuId)!;
      return { onHand, held, sold };
    }),
    shelves: skuIds.map((skuId) =>
      locationIds.map((locationId) => {
        const found = shelves.find((row) => row.skuId === skuId && row.locationId === locationId);
        return { onHand: found?.onHand ?? 0, picked: found?.picked ?? 0 };
      }),
    ),
    holds: Object.fromEntries(holds.map(({ holdId, state }) => [holdId, state])),
    serials: skuIds.map((skuId) =>
      serials
        .filter((row) => row.skuId === skuId)
        .map(({ serial, state, lineId }) => [serial, state, lineId] as const),
    ),
  };
};

/** The same of the model. */
export const sightIn = (world: World, { levels, shelves, holds, serials }: Model): Sight => ({
  levels,
  shelves,
  holds: Object.fromEntries(
    [...holds].flatMap(([hold, { state }]) => (state === undefined ? [] : [[holdIdOf(world, hold), state]])),
  ),
  serials: serials.map((of, sku) =>
    [...of].map(([serial, { state, line }]) => {
      const lineId = line === null ? null : lineIdOf(world, Number.parseInt(line, 10), sku);
      return [serial, state, lineId] as const;
    }),
  ),
});

/** How many pieces of each SKU the lines have that took theirs and did not bring them back. */
export const takenIn = ({ holds }: Model): number[] =>
  Array.from({ length: SKU_COUNT }, (_, sku) =>
    [...holds].reduce((sum, [hold, { lines }]) => {
      const isOut = ["taken", "shipped"].includes(lines[sku]?.state ?? "none");
      return sum + (isOut ? (piecesOf(hold)[sku] ?? 0) : 0);
    }, 0),
  );
