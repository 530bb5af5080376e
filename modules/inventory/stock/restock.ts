import type { Stock } from "@shopnexus/contracts/inventory/stock";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { type Ask, moveLines, type Sql, takeTurn } from "./rows.ts";

export const restock: Step<typeof Stock, "restock"> = async ({ holdId }, { db, who }) => {
  await restockHold(db.$client, { holdId, actor: actorOf(who) });
  return {};
};

/**
 * Turns a committed hold back to held, and marks it so that no late commit sells it again. One that was not committed
 * is released; where none is, a tombstone is left; a repeat finds its mark. Leans on hold_pkey.
 */
const restockHold = async (tx: Sql, { holdId, actor }: Ask): Promise<void> => {
  await tx`
    with turn as (select ${takeTurn(tx, holdId)}),
    done as (
      insert into inventory.hold (hold_id, sku_ids, pieces, state, released_at)
      select ${holdId}, '{}', '{}', 'released', now() from turn
      on conflict (hold_id) do update set
        state = case hold.state when 'committed' then 'held' else 'released' end,
        restocked_at = case hold.state when 'committed' then now() end,
        released_at = case hold.state when 'held' then now() end
      where hold.state = 'committed' or (hold.state = 'held' and hold.restocked_at is null)
      returning hold_id, sku_ids, pieces,
        case state when 'held' then 'restock' else 'release' end as reason,
        case state when 'held' then 1 else -1 end as held_sign,
        case state when 'held' then -1 else 0 end as sold_sign
    ),
    ${moveLines(tx, actor)}
    select from done`;
};
