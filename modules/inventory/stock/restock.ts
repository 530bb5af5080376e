import type { Stock } from "@shopnexus/contracts/inventory/stock";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { type Ask, findHold, freeHold, insertTombstone, moveLines, type Sql, takeTurn } from "./rows.ts";
import { isRestockable } from "./rules.ts";

export const restock: Step<typeof Stock, "restock"> = async ({ holdId }, { db, who }) => {
  const ask = { holdId, actor: actorOf(who), mayBeRestocked: false };
  for (;;) {
    if (await unsellHold(db.$client, ask)) return {};
    if (await freeHold(db.$client, ask)) return {};
    if (await insertTombstone(db.$client, holdId)) return {};
    // A hold that was written or sold while this ran is there for the next round.
    if (!isRestockable(await findHold(db.$client, holdId))) return {};
  }
};

/** Turns a committed hold back to held, and marks it so that no late commit sells it again. Leans on hold_pkey. */
const unsellHold = async (tx: Sql, { holdId, actor }: Ask): Promise<boolean> => {
  const rows = await tx`
    with turn as (select ${takeTurn(tx, holdId)}),
    done as (
      update inventory.hold set state = 'held', restocked_at = now()
      from turn
      where hold_id = ${holdId} and state = 'committed'
      returning hold_id, sku_ids, pieces, 'restock' as reason, 1 as held_sign, -1 as sold_sign
    ),
    ${moveLines(tx, actor)}
    select hold_id from done`;
  return rows.length > 0;
};
