/** SQL that the verbs of a ticket share. */
import { admitNext, findTicket, type Held, letGo, lockPlaces, type TicketRow } from "../_kit/places.ts";
import type { Sql, TxSql } from "../stock/rows.ts";

export type Use = { readonly ticketId: string; readonly checkoutId: string };
type Claim = { readonly state: "held" | "sold" | "back"; readonly isRestocked: boolean };

/** Leans on ticket_claim_once. */
export const findClaim = async (tx: TxSql, { ticketId, checkoutId }: Use): Promise<Claim | undefined> =>
  (
    await tx<Claim[]>`
      select state, restocked_at is not null as "isRestocked" from inventory.ticket_claim
      where ticket_id = ${ticketId} and checkout_id = ${checkoutId}`
  )[0];

/**
 * Ends a claim that is held, for good; of one that never was it leaves word. Whether it was held. A claim that is being
 * written just now is waited for.
 */
export const endClaim = async (tx: TxSql, { ticketId, checkoutId }: Use): Promise<boolean> => {
  const ended = await tx<{ wasHeld: boolean }[]>`
    insert into inventory.ticket_claim (ticket_id, checkout_id, state) values (${ticketId}, ${checkoutId}, 'back')
    on conflict (ticket_id, checkout_id) do update set state = 'back' where ticket_claim.state = 'held'
    returning xmax <> 0 as "wasHeld"`;
  return ended[0]?.wasHeld ?? false;
};

/** Frees the pieces of a ticket in this state, and admits who is next; whether it was in it still. */
export const freeTicket = async (tx: TxSql, row: TicketRow, state: Held): Promise<boolean> => {
  await lockPlaces(tx, row);
  const ended = await letGo(tx, { dropId: row.dropId, skuId: row.skuId, ticketIds: [row.ticketId], state });
  await admitNext(tx, row);
  return ended.length > 0;
};

/** Gives a claim up, if it is held; whether the ticket's pieces are free for others now. */
export const giveUp = (sql: Sql, use: Use): Promise<boolean> =>
  sql.begin(async (tx) => {
    if (!(await endClaim(tx, use))) return false;
    const kept = await tx`
      update inventory.ticket set state = 'admitted', checkout_id = null, expires_at = admitted_until, changed_at = now()
      where ticket_id = ${use.ticketId} and checkout_id = ${use.checkoutId} and state = 'checked_out'
        and now() < admitted_until
      returning ticket_id`;
    const row = await findTicket(tx, use.ticketId);
    if (kept.length > 0 || row?.checkoutId !== use.checkoutId) return false;
    return freeTicket(tx, row, "checked_out");
  });

/** The reference of a sale: a ticket whose sale was taken back may be sold to another checkout of its account. */
export const saleOf = ({ ticketId, checkoutId }: Use): string => `${ticketId}/${checkoutId}`;
