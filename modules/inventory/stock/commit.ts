import type { Stock } from "@shopnexus/contracts/inventory/stock";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { type Ask, findHold, moveLines, type Sql, takeTurn } from "./rows.ts";
import { commitOutcome } from "./rules.ts";

/** Only the state counts: a hold whose time is over but that no sweep has taken yet is still there to be sold. */
export const commit: Step<typeof Stock, "commit"> = async ({ holdId }, { db, who }) => {
  for (;;) {
    if (await sellHold(db.$client, { holdId, actor: actorOf(who) })) return {};
    const outcome = commitOutcome(await findHold(db.$client, holdId));
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
