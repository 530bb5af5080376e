import type { Stock } from "@shopnexus/contracts/inventory/stock";
import type { Out } from "@shopnexus/contracts/kit/contract";
import { batcher } from "#modules/_kit/batch.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { crowded, HOLDS_MAX, perActor, QUEUE_MAX } from "../_kit/together.ts";
import {
  type Ask,
  findHold,
  freeHold,
  giveUpWaiting,
  insertTombstone,
  moveLines,
  type Sql,
  takeTurns,
} from "./rows.ts";

export const release: Step<typeof Stock, "release"> = async ({ holdId }, { db, who }) =>
  releaseTogether(db, actorOf(who))(holdId);

const releaseTogether = perActor(({ $client }, actor) =>
  batcher<string, Out<typeof Stock, "release">>({
    name: "Stock/release",
    keyOf: (holdId) => holdId,
    weigh: () => 1,
    weightMax: HOLDS_MAX,
    queueMax: QUEUE_MAX,
    busy: crowded("Stock/release"),
    one: (holdId) => releaseOne($client, { holdId, actor }),
    together: async (holdIds) => {
      const freed = await freeHolds($client, holdIds, actor);
      return holdIds.map((holdId) => (freed.has(holdId) ? { answer: {} } : "alone"));
    },
  }),
);

const releaseOne = async (sql: Sql, ask: Ask): Promise<Out<typeof Stock, "release">> => {
  for (;;) {
    if (await freeHold(sql, { ...ask, mayBeRestocked: true })) return {};
    if (await insertTombstone(sql, ask.holdId)) return {};
    const hold = await findHold(sql, ask.holdId);
    // Still held: it was written while this ran, and is there for the next round.
    if (hold?.state !== "held") return {};
  }
};

/** Gives back what those of many hold that are held; which ones they were. Leans on hold_pkey. */
const freeHolds = async (tx: Sql, holdIds: readonly string[], actor: string): Promise<Set<string>> => {
  const rows = await tx<{ holdId: string }[]>`
    with ${takeTurns(tx, holdIds)},
    done as (
      update inventory.hold set state = 'released', released_at = now()
      from turns
      where hold_id = any (asked) and state = 'held'
      returning hold_id, sku_ids, pieces, 'release' as reason, -1 as held_sign, 0 as sold_sign
    ),
    ${giveUpWaiting(tx)},
    ${moveLines(tx, actor)}
    select hold_id as "holdId" from done`;
  return new Set(rows.map(({ holdId }) => holdId));
};
