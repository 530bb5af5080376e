/** The tables of one case: filled anew before it, and looked at after it. */
import { freshId } from "@shopnexus/contracts/kit/id";
import postgres, { type Sql } from "postgres";

/** More than any way takes in the longest case. */
const PLENTY = 10_000_000;

const SKU_COUNT = 10_000;

/** So many pieces of the SKU that runs out, for so many who want one. */
export const SCARCE = 20;
export const SCARCE_WANTED = 60;

export type Shelf = {
  readonly plentiful: readonly string[];
  readonly scarce: string;
  readonly stock: ReadonlyMap<string, number>;
};

export type Check = {
  /** Pieces that are spoken for and do not exist. */
  readonly oversold: number;
  /** What does not add up, for people; nothing if all does. */
  readonly broken: readonly string[];
};

export const openShelves = (url: string) => {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  return {
    fill: (skuCount: number) => fill(sql, skuCount),
    check: (heldCount: number) => check(sql, heldCount),
    /** Transactions that wrote something, since the cluster began. */
    transactions: async (): Promise<number> => {
      const [row] = await sql<{ n: number }[]>`
        select pg_snapshot_xmax(pg_current_snapshot())::text::float8 as n`;
      return row?.n ?? 0;
    },
    close: () => sql.end(),
  };
};
export type Shelves = ReturnType<typeof openShelves>;

/** A hot SKU is one of many: the tables are as large in every case. */
const fill = async (sql: Sql, skuCount: number): Promise<Shelf> => {
  const all = Array.from({ length: SKU_COUNT }, () => freshId("sku"));
  const scarce = freshId("sku");
  const stock = new Map<string, number>([...all.map((skuId) => [skuId, PLENTY] as const), [scarce, SCARCE]]);
  await sql.begin(async (tx) => {
    await tx`alter table inventory.movement disable trigger movement_append_only`;
    await tx`truncate inventory.level, inventory.hold, inventory.movement, inventory.setting, inventory.dip cascade`;
    await tx`alter table inventory.movement enable trigger movement_append_only`;
    const [skuIds, pieces] = [[...stock.keys()], [...stock.values()]];
    await tx`
      insert into inventory.level (sku_id, seller_id, on_hand)
      select sku_id, 'bench', on_hand from unnest(${skuIds}::text[], ${pieces}::int[]) as part(sku_id, on_hand)`;
    await tx`
      insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor, location_id)
      select 'first', sku_id, 'receive', on_hand, 0, 0, 'bench', 'bench' from inventory.level`;
  });
  // Not the empty ones: plans made for nothing would stay while they grow.
  await sql`vacuum analyze inventory.level`;
  await sql`checkpoint`;
  return { plentiful: all.slice(0, skuCount), scarce, stock };
};

type Sums = { oversold: number; drifted: number; held: number; holds: number };

/** Levels against their movements and holds, and holds against the yeses that were said. */
const check = async (sql: Sql, heldCount: number): Promise<Check> => {
  const [sums] = await sql<Sums[]>`
    with moved as (
      select sku_id, sum(on_hand_delta) as on_hand, sum(held_delta) as held from inventory.movement group by sku_id
    )
    select coalesce(sum(greatest(0, level.held + sold - level.on_hand)), 0)::float8 as oversold,
      count(*) filter (where level.on_hand <> moved.on_hand or level.held <> moved.held)::float8 as drifted,
      coalesce(sum(level.held), 0)::float8 as held,
      (select count(*)::float8 from inventory.hold where state = 'held') as holds
    from inventory.level join moved using (sku_id)`;
  if (sums === undefined) return { oversold: 0, broken: ["there is no level"] };
  const { oversold, drifted, held, holds } = sums;
  const broken = [
    ...(drifted > 0 ? [`${drifted} levels are not the sum of their movements`] : []),
    ...(held === heldCount ? [] : [`${heldCount} were told yes, and ${held} pieces are held`]),
    ...(holds === heldCount ? [] : [`${heldCount} were told yes, and there are ${holds} holds`]),
  ];
  return { oversold, broken };
};
