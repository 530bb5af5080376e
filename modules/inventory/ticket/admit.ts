import { type Ticket, TicketRefusals } from "@shopnexus/contracts/inventory/ticket";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { admitNext, findTicket, mustFindTicket } from "../_kit/places.ts";
import type { Sql, TxSql } from "../stock/rows.ts";
import { entryRefusal, type Sight, viewOf } from "./rules.ts";

export const admit: Step<typeof Ticket, "admit"> = async (ask, { db, gate }) => {
  const known = await findTicket(db.$client, ask.ticketId);
  if (known !== undefined) return viewOf(known);
  // Who is late is told without a lock and without a write: losers do not queue behind winners.
  const refused = entryRefusal(await findSight(db.$client, ask), ask.pieces);
  if (refused === undefined) await db.$client.begin((tx) => writeDown(tx, ask));
  // A twin may have come first, and taken the last piece that this one was refused for.
  const written = refused === undefined ? undefined : await findTicket(db.$client, ask.ticketId);
  if (refused !== undefined && written === undefined) {
    await gate?.remove(ask.dropId, [ask.ticketId]);
    throw refused;
  }
  const row = await mustFindTicket(db.$client, ask.ticketId);
  if (row.state !== "lapsed") await gate?.add(ask.dropId, [row]);
  return viewOf(row);
};

type Ask = In<typeof Ticket, "admit">;

/** Leans on drop_sku_once, entrant_once_a_drop. */
const findSight = async (tx: Sql | TxSql, { dropId, skuId, accountId }: Ask): Promise<Sight | undefined> => {
  const rows = await tx<Sight[]>`
    select extract(epoch from starts_at)::float8 * 1000 as "startsMs", extract(epoch from now())::float8 * 1000 as "readMs",
      extract(epoch from coalesce(draws_at, ends_at))::float8 * 1000 as "entriesEndMs",
      state = 'announced' as "isAnnounced", takes_entries as "takesEntries",
      units + places - waiting - taken - sold as free, coalesce(entrant.pieces, 0) as mine,
      drop.limit_pieces as "limit"
    from inventory.drop_sku join inventory.drop using (drop_id)
      left join inventory.entrant on entrant.drop_id = drop.drop_id and entrant.account_id = ${accountId}
    where drop_sku.drop_id = ${dropId} and sku_id = ${skuId}`;
  return rows[0];
};

/** A ticket, its pieces on the SKU and on the account, and whoever's turn it is: all of it, or a refusal and nothing. */
const writeDown = async (tx: TxSql, ask: Ask): Promise<void> => {
  if (!(await insertTicket(tx, ask))) return;
  const isTaken = (await takePlace(tx, ask)) && (await countIn(tx, ask));
  if (!isTaken) {
    const refused = entryRefusal(await findSight(tx, ask), ask.pieces);
    throw refused ?? refuse(TicketRefusals.DROP_SOLD_OUT, {});
  }
  await admitNext(tx, ask);
};

/** A twin that is still being written is waited for. Leans on ticket_pkey. */
const insertTicket = async (
  tx: TxSql,
  { ticketId, dropId, skuId, accountId, pieces }: Ask,
): Promise<boolean> => {
  const rows = await tx`
    insert into inventory.ticket (ticket_id, drop_id, sku_id, account_id, pieces, expires_at)
    select ${ticketId}, drop_id, ${skuId}, ${accountId}, ${pieces}::int, ends_at
    from inventory.drop where drop_id = ${dropId}
    on conflict do nothing returning ticket_id`;
  return rows.length > 0;
};

/** Whether there was a place, by the very row that it is taken from. Leans on drop_sku_once. */
const takePlace = async (tx: TxSql, { dropId, skuId, pieces }: Ask): Promise<boolean> => {
  const rows = await tx`
    update inventory.drop_sku set waiting = waiting + ${pieces}::int
    from inventory.drop
    where drop_sku.drop_id = ${dropId} and sku_id = ${skuId} and drop.drop_id = drop_sku.drop_id
      and takes_entries and waiting + taken + sold + ${pieces}::int <= units + places
      and now() >= starts_at and now() < coalesce(draws_at, ends_at)
    returning sku_id`;
  return rows.length > 0;
};

/** Whether the account may have them, by the row that counts what it has; entrant_never_above_limit stands behind it. */
const countIn = async (tx: TxSql, { dropId, accountId, pieces }: Ask): Promise<boolean> => {
  const rows = await tx`
    insert into inventory.entrant (drop_id, account_id, pieces, limit_pieces)
    select drop_id, ${accountId}, ${pieces}::int, limit_pieces from inventory.drop
    where drop_id = ${dropId} and ${pieces}::int <= limit_pieces
    on conflict (drop_id, account_id) do update set pieces = entrant.pieces + excluded.pieces
      where entrant.pieces + excluded.pieces <= entrant.limit_pieces
    returning account_id`;
  return rows.length > 0;
};
