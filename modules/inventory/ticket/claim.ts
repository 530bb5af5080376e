import { HOLD_MS } from "@shopnexus/contracts/inventory/stock";
import { type Ticket, TicketRefusals } from "@shopnexus/contracts/inventory/ticket";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { findTicket } from "../_kit/places.ts";
import type { TxSql } from "../stock/rows.ts";
import { findClaim } from "./rows.ts";
import { useRefusal } from "./rules.ts";

export const claim: Step<typeof Ticket, "claim"> = async (ask, { db }) => {
  await db.$client.begin(async (tx) => {
    if (await insertClaim(tx, ask)) return useTicket(tx, ask);
    const known = await findClaim(tx, ask);
    if (known === undefined || known.state === "back")
      throw refuse(TicketRefusals.TICKET_GONE, { state: known?.state ?? "checked_out" });
  });
  return {};
};

type Ask = In<typeof Ticket, "claim">;

/** Not where this checkout claimed it or gave it back before, nor where another one has it. */
const insertClaim = async (tx: TxSql, { ticketId, checkoutId }: Ask): Promise<boolean> => {
  const rows = await tx`
    insert into inventory.ticket_claim (ticket_id, checkout_id, state) values (${ticketId}, ${checkoutId}, 'held')
    on conflict do nothing returning ticket_id`;
  return rows.length > 0;
};

/** Only the state counts: a ticket whose time is over but that no sweep has taken yet is still there to be used. */
const useTicket = async (tx: TxSql, { ticketId, checkoutId, accountId }: Ask): Promise<void> => {
  const used = await tx`
    update inventory.ticket set state = 'checked_out', checkout_id = ${checkoutId}, changed_at = now(),
      expires_at = now() + ${HOLD_MS} * interval '1 ms'
    where ticket_id = ${ticketId} and account_id = ${accountId} and state = 'admitted' returning ticket_id`;
  if (used.length > 0) return;
  const refused = useRefusal(await findTicket(tx, ticketId), accountId);
  throw refused ?? refuse(TicketRefusals.TICKET_WAITING, {});
};
