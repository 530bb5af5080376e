import type { Ticket } from "@shopnexus/contracts/inventory/ticket";
import type { Step } from "#modules/_kit/handler.ts";
import { findTicket } from "../_kit/places.ts";
import { giveUp } from "./rows.ts";

export const giveBack: Step<typeof Ticket, "giveBack"> = async (use, { db, gate }) => {
  if (!(await giveUp(db.$client, use))) return {};
  const row = await findTicket(db.$client, use.ticketId);
  if (row !== undefined) await gate?.remove(row.dropId, [row.ticketId]);
  return {};
};
