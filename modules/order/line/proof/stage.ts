/** Paid orders on a database of their own, and clocks that can be set. */
import { sql } from "drizzle-orm";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { FrozenLine } from "@shopnexus/contracts/order/basket";
import type { Db } from "#db/_kit/database.ts";
import type { Settings } from "#modules/_kit/settings.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { testSettings } from "#tools/testkit/settings.ts";
import { placed } from "../../attempt/proof/stage.ts";

export { lineOf } from "../../attempt/proof/stage.ts";

export const scene = (db: Db, settings: Settings = testSettings) =>
  sceneOf(db, asModule("order"), { settings });

export type PaidOrder = {
  readonly orderId: string;
  readonly checkoutId: string;
  readonly buyerId: string;
  readonly sellerId: string;
  readonly lineIds: readonly string[];
};

export const SELLER = freshId("acc");

export const paidOrder = async (db: Db, lines: FrozenLine[]): Promise<PaidOrder> => {
  const { accountId, checkoutId, orderIds } = await placed(db, lines);
  const orderId = orderIds.get(SELLER) ?? "";
  return {
    orderId,
    checkoutId,
    buyerId: accountId,
    sellerId: SELLER,
    lineIds: lines.map(({ lineId }) => lineId),
  };
};

type State = { lineId: string; state: string; reason: string | null; stateVersion: number };

export const statesOf = async (db: Db, orderId: string): Promise<State[]> => [
  ...(await db.execute<State>(sql`select line_id as "lineId", state, reason, state_version as "stateVersion"
    from "order".checkout_line where order_id = ${orderId} order by position`)),
];

export const versionOf = async (db: Db, orderId: string): Promise<number> => {
  const [row] = await db.execute<{ version: number }>(
    sql`select version from "order"."order" where order_id = ${orderId}`,
  );
  return row?.version ?? -1;
};

/** Everything that an order waits for was due so long ago. */
export const age = (db: Db, orderId: string, ms: number) =>
  db.execute(sql`update "order".checkout_line set due_at = now() - make_interval(secs => ${ms / 1_000}::float8)
    where order_id = ${orderId} and due_at is not null`);

export const toldOf = async (db: Db, orderId: string): Promise<string[]> => {
  const rows = await db.execute<{ what: string }>(
    sql`select what from "order".timeline where order_id = ${orderId} order by entry`,
  );
  return [...rows].map(({ what }) => what);
};
