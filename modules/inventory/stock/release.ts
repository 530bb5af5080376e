import type { Stock } from "@shopnexus/contracts/inventory/stock";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { type Ask, moveLines, type Sql, takeTurn } from "./rows.ts";

export const release: Step<typeof Stock, "release"> = async ({ holdId }, { db, who }) => {
  await releaseHold(db.$client, { holdId, actor: actorOf(who) });
  return {};
};

/** Frees a held hold, or leaves a tombstone where none is. Of any other it changes nothing. Leans on hold_pkey. */
const releaseHold = async (tx: Sql, { holdId, actor }: Ask): Promise<void> => {
  await tx`
    with turn as (select ${takeTurn(tx, holdId)}),
    done as (
      insert into inventory.hold (hold_id, sku_ids, pieces, state, released_at)
      select ${holdId}, '{}', '{}', 'released', now() from turn
      on conflict (hold_id) do update set state = 'released', released_at = now()
      where hold.state = 'held'
      returning hold_id, sku_ids, pieces, 'release' as reason, -1 as held_sign, 0 as sold_sign
    ),
    ${moveLines(tx, actor)}
    select from done`;
};
