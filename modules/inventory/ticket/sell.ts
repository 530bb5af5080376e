import { type Ticket, TicketRefusals } from "@shopnexus/contracts/inventory/ticket";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { lockPlaces, moveLevel, mustFindTicket } from "../_kit/places.ts";
import type { TxSql } from "../stock/rows.ts";
import { findClaim, saleOf, type Use } from "./rows.ts";

export const sell: Step<typeof Ticket, "sell"> = async (use, { db, who }) => {
  await db.$client.begin(async (tx) => {
    if (await sellClaim(tx, use)) return sellTicket(tx, use, actorOf(who));
    const known = await findClaim(tx, use);
    if (known?.state !== "sold")
      throw refuse(TicketRefusals.TICKET_GONE, { state: known?.state ?? "unknown" });
  });
  return {};
};

/** Once: what was taken back stays taken back. Leans on ticket_claim_once. */
const sellClaim = async (tx: TxSql, { ticketId, checkoutId }: Use): Promise<boolean> => {
  const rows = await tx`
    update inventory.ticket_claim set state = 'sold'
    where ticket_id = ${ticketId} and checkout_id = ${checkoutId} and state = 'held' and restocked_at is null
    returning ticket_id`;
  return rows.length > 0;
};

const sellTicket = async (tx: TxSql, { ticketId, checkoutId }: Use, actor: string): Promise<void> => {
  const row = await mustFindTicket(tx, ticketId);
  await lockPlaces(tx, row);
  const sold = await tx`
    update inventory.ticket set state = 'sold', changed_at = now()
    where ticket_id = ${ticketId} and checkout_id = ${checkoutId} and state = 'checked_out' returning ticket_id`;
  assert(sold.length > 0, "whoever ends a ticket ends its claim first");
  const { dropId, skuId, pieces } = row;
  await tx`
    update inventory.drop_sku set taken = taken - ${pieces}::int, sold = sold + ${pieces}::int
    where drop_id = ${dropId} and sku_id = ${skuId}`;
  const move = { skuId, reason: "commit", reference: saleOf({ ticketId, checkoutId }), actor } as const;
  assert(await moveLevel(tx, { ...move, heldDelta: -pieces, soldDelta: pieces }), "what is held is on hand");
};
