import { type Ticket, TicketRefusals } from "@shopnexus/contracts/inventory/ticket";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findTicket } from "../_kit/places.ts";
import { viewOf } from "./rules.ts";

export const read: Step<typeof Ticket, "read"> = async ({ ticketId }, { db, who }) => {
  const row = await findTicket(db.$client, ticketId);
  if (row?.accountId !== accountOf(who).accountId) throw refuse(TicketRefusals.TICKET_UNKNOWN, {});
  return viewOf(row);
};
