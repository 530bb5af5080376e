import { type Ticket, TicketRefusals } from "@shopnexus/contracts/inventory/ticket";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { findTickets } from "../_kit/places.ts";
import { useRefusal } from "./rules.ts";

export const terms: Step<typeof Ticket, "terms"> = async ({ accountId, lines }, { db }) => {
  const rows = await findTickets(
    db.$client,
    lines.map(({ ticketId }) => ticketId),
  );
  const prices = lines.map(({ ticketId, skuId, pieces }) => {
    const row = rows.find((one) => one.ticketId === ticketId);
    const refused = useRefusal(row, accountId);
    if (refused !== undefined) throw refused;
    assert(row, "a ticket that is not there is refused");
    if (row.skuId !== skuId || row.pieces !== pieces) throw refuse(TicketRefusals.TICKET_DIFFERS, {});
    return { skuId, price: { minor: row.priceMinor, currency: row.currency } };
  });
  return { prices };
};
