import type { Stock } from "@shopnexus/contracts/inventory/stock";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { giveUpWaiting, moveLines, type Sql } from "./rows.ts";

export const expire: Step<typeof Stock, "expire"> = async ({ limit }, { db, who }) => ({
  expiredCount: await expireHolds(db.$client, limit, actorOf(who)),
});

/** Frees the holds that are due, oldest first, passing over those that another sweep has in hand. Leans on hold_due. */
const expireHolds = async (tx: Sql, limit: number, actor: string): Promise<number> => {
  const rows = await tx`
    with due as (
      select hold_id from inventory.hold
      where state = 'held' and expires_at <= now()
      order by expires_at limit ${limit} for no key update skip locked
    ),
    done as (
      update inventory.hold set state = 'expired', expired_at = now()
      from due
      where hold.hold_id = due.hold_id and state = 'held'
      returning hold.hold_id, sku_ids, pieces, 'expire' as reason, -1 as held_sign, 0 as sold_sign
    ),
    ${giveUpWaiting(tx)},
    ${moveLines(tx, actor)}
    select hold_id from done`;
  return rows.length;
};
