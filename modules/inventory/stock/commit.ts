import type { Stock } from "@shopnexus/contracts/inventory/stock";
import type { Out } from "@shopnexus/contracts/kit/contract";
import { batcher } from "#modules/_kit/batch.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { crowded, HOLDS_MAX, perActor, QUEUE_MAX } from "../_kit/together.ts";
import { type Ask, findHold, moveLines, type Sql, takeTurn, takeTurns } from "./rows.ts";
import { commitOutcome } from "./rules.ts";

/** Only the state counts: a hold whose time is over but that no sweep has taken yet is still there to be sold. */
export const commit: Step<typeof Stock, "commit"> = async ({ holdId }, { db, who }) =>
  commitTogether(db, actorOf(who))(holdId);

const commitTogether = perActor(({ $client }, actor) =>
  batcher<string, Out<typeof Stock, "commit">>({
    name: "Stock/commit",
    keyOf: (holdId) => holdId,
    weigh: () => 1,
    weightMax: HOLDS_MAX,
    queueMax: QUEUE_MAX,
    busy: crowded("Stock/commit"),
    one: (holdId) => commitOne($client, { holdId, actor }),
    together: async (holdIds) => {
      const sold = await sellHolds($client, holdIds, actor);
      return holdIds.map((holdId) => (sold.has(holdId) ? { answer: {} } : "alone"));
    },
  }),
);

const commitOne = async (sql: Sql, ask: Ask): Promise<Out<typeof Stock, "commit">> => {
  for (;;) {
    if (await sellHold(sql, ask)) return {};
    const outcome = commitOutcome(await findHold(sql, ask.holdId));
    if (outcome === "done") return {};
    // The hold was written while this statement ran, and is there for the next one.
    if (outcome !== "again") throw outcome;
  }
};

/** Sells a held hold, once: what a restock took back stays taken back. Leans on hold_pkey. */
const sellHold = async (tx: Sql, { holdId, actor }: Ask): Promise<boolean> => {
  const rows = await tx`
    with turn as (select ${takeTurn(tx, holdId)}),
    done as (
      update inventory.hold set state = 'committed', committed_at = now()
      from turn
      where hold_id = ${holdId} and state = 'held' and restocked_at is null
      returning hold_id, sku_ids, pieces, 'commit' as reason, -1 as held_sign, 1 as sold_sign
    ),
    ${moveLines(tx, actor)}
    select hold_id from done`;
  return rows.length > 0;
};

/** Sells those of many that are held; which ones it sold. Leans on hold_pkey. */
const sellHolds = async (tx: Sql, holdIds: readonly string[], actor: string): Promise<Set<string>> => {
  const rows = await tx<{ holdId: string }[]>`
    with ${takeTurns(tx, holdIds)},
    done as (
      update inventory.hold set state = 'committed', committed_at = now()
      from turns
      where hold_id = any (asked) and state = 'held' and restocked_at is null
      returning hold_id, sku_ids, pieces, 'commit' as reason, -1 as held_sign, 1 as sold_sign
    ),
    ${moveLines(tx, actor)}
    select hold_id as "holdId" from done`;
  return new Set(rows.map(({ holdId }) => holdId));
};
