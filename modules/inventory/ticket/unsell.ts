import type { Ticket } from "@shopnexus/contracts/inventory/ticket";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { findTicket, lockPlaces, moveLevel, mustFindTicket } from "../_kit/places.ts";
import type { Sql, TxSql } from "../stock/rows.ts";
import { giveUp, saleOf, type Use } from "./rows.ts";

export const unsell: Step<typeof Ticket, "unsell"> = async (use, { db, who, gate }) => {
  const isTakenBack = await db.$client.begin((tx) => takeBack(tx, use, actorOf(who)));
  if (isTakenBack || (await isRestocked(db.$client, use))) return {};
  if (!(await giveUp(db.$client, use))) return {};
  const row = await findTicket(db.$client, use.ticketId);
  if (row !== undefined) await gate?.remove(row.dropId, [row.ticketId]);
  return {};
};

const isRestocked = async (tx: Sql, { ticketId, checkoutId }: Use): Promise<boolean> => {
  const rows = await tx`
    select from inventory.ticket_claim
    where ticket_id = ${ticketId} and checkout_id = ${checkoutId} and restocked_at is not null`;
  return rows.length > 0;
};

/** Turns a sale back into a claim, marked so that no late sale repeats it. Leans on ticket_claim_once. */
const takeBack = async (tx: TxSql, use: Use, actor: string): Promise<boolean> => {
  const { ticketId, checkoutId } = use;
  const held = await tx`
    update inventory.ticket_claim set state = 'held', restocked_at = now()
    where ticket_id = ${ticketId} and checkout_id = ${checkoutId} and state = 'sold' returning ticket_id`;
  if (held.length === 0) return false;
  const row = await mustFindTicket(tx, ticketId);
  const { dropId, skuId, pieces } = row;
  await lockPlaces(tx, row);
  await tx`
    update inventory.ticket set state = 'checked_out', changed_at = now()
    where ticket_id = ${ticketId} and checkout_id = ${checkoutId} and state = 'sold'`;
  await tx`
    update inventory.drop_sku set taken = taken + ${pieces}::int, sold = sold - ${pieces}::int
    where drop_id = ${dropId} and sku_id = ${skuId}`;
  const move = { skuId, reason: "restock", reference: saleOf(use), actor } as const;
  assert(
    await moveLevel(tx, { ...move, heldDelta: pieces, soldDelta: -pieces }),
    "it was on hand when it was sold",
  );
  return true;
};
