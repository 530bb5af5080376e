/**
 * SQL on the places of a drop. Order of locks, everywhere: a claim, the SKU of the drop, tickets, entrants, the level.
 * Whoever changes the counts of a SKU locks its row first, in a statement of its own: the next one sees all before it.
 */
import type { MovementReason } from "@shopnexus/contracts/inventory/movement";
import type { z } from "zod";
import { assert } from "#modules/_kit/assert.ts";
import type { Sql, TxSql } from "../stock/rows.ts";

export type Place = { readonly dropId: string; readonly skuId: string };

/** Leans on drop_sku_once. */
export const lockPlaces = async (tx: TxSql, { dropId, skuId }: Place): Promise<void> => {
  await tx`select from inventory.drop_sku where drop_id = ${dropId} and sku_id = ${skuId} for no key update`;
};

/** However many are given back at once, a batch is admitted in one statement; who is left comes with the next. */
const ADMIT_BATCH = 500;

/**
 * Admits who waits, in turn, as long as there are units; who does not fit stops the queue. Of a draw nobody before it
 * is drawn. The SKU is locked. Leans on ticket_in_turn.
 */
export const admitNext = async (tx: TxSql, { dropId, skuId }: Place): Promise<number> => {
  const rows = await tx`
    with room as (
      select units - taken - sold as free, window_ms
      from inventory.drop_sku join inventory.drop using (drop_id)
      where drop_sku.drop_id = ${dropId} and sku_id = ${skuId}
        and state = 'announced' and now() < ends_at and (room = 'queue' or drawn_at is not null)
    ),
    turn as (
      select ticket_id, sum(pieces) over (order by position, ticket_id) as up_to from (
        select ticket_id, pieces, position from inventory.ticket
        where drop_id = ${dropId} and sku_id = ${skuId} and state = 'waiting' and exists (select from room where free > 0)
        order by position, ticket_id limit ${ADMIT_BATCH}
      ) as first
    ),
    admitted as (
      update inventory.ticket set state = 'admitted', changed_at = now(),
        admitted_until = now() + window_ms * interval '1 ms', expires_at = now() + window_ms * interval '1 ms'
      from turn, room where ticket.ticket_id = turn.ticket_id and up_to <= free
      returning pieces
    ),
    total as (select coalesce(sum(pieces), 0) as pieces from admitted)
    update inventory.drop_sku set waiting = waiting - total.pieces, taken = taken + total.pieces
    from total where drop_id = ${dropId} and sku_id = ${skuId} and total.pieces > 0
    returning (select count(*)::int from admitted) as "admittedCount"`;
  return (rows[0]?.["admittedCount"] as number | undefined) ?? 0;
};

export type Held = "waiting" | "admitted" | "checked_out";

/**
 * Ends tickets that are in this state, for good: their pieces are free, and their accounts may ask again. The SKU is
 * locked. Gives those that it ended.
 */
export const letGo = async (
  tx: TxSql,
  {
    dropId,
    skuId,
    ticketIds,
    state,
  }: Place & { readonly ticketIds: readonly string[]; readonly state: Held },
): Promise<string[]> => {
  const counted = state === "waiting" ? "waiting" : "taken";
  const ended = await tx<{ ticketId: string; accountId: string; pieces: number }[]>`
    update inventory.ticket set state = 'lapsed', checkout_id = null, changed_at = now()
    where ticket_id = any (${[...ticketIds]}) and drop_id = ${dropId} and sku_id = ${skuId} and state = ${state}
    returning ticket_id as "ticketId", account_id as "accountId", pieces`;
  if (ended.length === 0) return [];
  const total = ended.reduce((sum, { pieces }) => sum + pieces, 0);
  await tx`
    update inventory.drop_sku set ${tx(counted)} = ${tx(counted)} - ${total}::int
    where drop_id = ${dropId} and sku_id = ${skuId}`;
  await tx`
    with part as (
      select account_id, sum(pieces) as pieces
      from unnest(${ended.map((one) => one.accountId)}::text[], ${ended.map((one) => one.pieces)}::int[])
        as one(account_id, pieces)
      group by account_id
    ),
    locked as (
      select entrant.account_id, part.pieces from inventory.entrant join part using (account_id)
      where drop_id = ${dropId} order by entrant.account_id for no key update of entrant
    )
    update inventory.entrant set pieces = entrant.pieces - locked.pieces
    from locked where drop_id = ${dropId} and entrant.account_id = locked.account_id`;
  return ended.map(({ ticketId }) => ticketId);
};

type Move = {
  readonly skuId: string;
  readonly reason: z.infer<typeof MovementReason>;
  /** The drop or the ticket that moves it. */
  readonly reference: string;
  readonly actor: string;
  readonly heldDelta: number;
  readonly soldDelta: number;
};

/** Moves a level and books it; whether it could: more is spoken for only beyond the safety stock. Leans on level_pkey, movement_once_a_reason. */
export const moveLevel = async (
  tx: TxSql,
  { skuId, reason, reference, actor, heldDelta, soldDelta }: Move,
): Promise<boolean> => {
  await tx`select from inventory.level where sku_id = ${skuId} for no key update`;
  const rows = await tx`
    with moved as (
      update inventory.level set held = held + ${heldDelta}::int, sold = sold + ${soldDelta}::int
      where sku_id = ${skuId} and (
        ${heldDelta}::int + ${soldDelta}::int <= 0
        or held + ${heldDelta}::int + sold + ${soldDelta}::int <= on_hand - safety_stock
      )
      returning sku_id
    )
    insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
    select ${reference}, sku_id, ${reason}, 0, ${heldDelta}::int, ${soldDelta}::int, ${actor} from moved
    returning sku_id`;
  return rows.length > 0;
};

export type TicketRow = {
  readonly ticketId: string;
  readonly dropId: string;
  readonly skuId: string;
  readonly accountId: string;
  readonly pieces: number;
  readonly state: "waiting" | "admitted" | "checked_out" | "sold" | "lapsed";
  readonly position: number;
  readonly checkoutId: string | null;
  readonly expiresMs: number;
  readonly priceMinor: number;
  readonly currency: string;
};

/** In no order; without unknown ones. Leans on ticket_pkey, drop_sku_once. */
export const findTickets = (tx: Sql | TxSql, ticketIds: readonly string[]): Promise<TicketRow[]> => tx<
  TicketRow[]
>`
  select ticket_id as "ticketId", drop_id as "dropId", sku_id as "skuId", account_id as "accountId", pieces, state,
    position::float8 as position, checkout_id as "checkoutId", extract(epoch from expires_at)::float8 * 1000 as "expiresMs",
    price_minor::float8 as "priceMinor", currency
  from inventory.ticket join inventory.drop_sku using (drop_id, sku_id)
  where ticket_id = any (${[...ticketIds]})`;

export const findTicket = async (tx: Sql | TxSql, ticketId: string): Promise<TicketRow | undefined> =>
  (await findTickets(tx, [ticketId]))[0];

export const mustFindTicket = async (tx: Sql | TxSql, ticketId: string): Promise<TicketRow> => {
  const found = await findTicket(tx, ticketId);
  assert(found, "a ticket is never deleted");
  return found;
};
