/** Decisions about a place in a drop, of values alone. */
import { type TicketView, TicketRefusals } from "@shopnexus/contracts/inventory/ticket";
import { DropRefusals } from "@shopnexus/contracts/inventory/drop";
import { type RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import { instant } from "@shopnexus/contracts/kit/time";
import type { TicketRow } from "../_kit/places.ts";

export const viewOf = (row: TicketRow): TicketView => ({
  ticketId: row.ticketId,
  dropId: row.dropId,
  skuId: row.skuId,
  pieces: row.pieces,
  price: { minor: row.priceMinor, currency: row.currency },
  state: row.state,
  position: row.position,
  expiresAt: instant(row.expiresMs),
});

/** How a drop looks to somebody who wants in. */
export type Sight = {
  readonly startsMs: number;
  readonly readMs: number;
  readonly entriesEndMs: number;
  readonly isAnnounced: boolean;
  readonly takesEntries: boolean;
  /** Pieces that may still be asked for, units and places to wait. */
  readonly free: number;
  readonly mine: number;
  readonly limit: number;
};

/** Why nobody with this many pieces may enter now; nothing where one may try. */
export const entryRefusal = (sight: Sight | undefined, pieces: number): RefusalError | undefined => {
  if (sight === undefined) return refuse(DropRefusals.DROP_UNKNOWN, {});
  if (sight.readMs < sight.startsMs && sight.isAnnounced)
    return refuse(TicketRefusals.DROP_NOT_YET, { startsAt: instant(sight.startsMs) });
  if (!sight.isAnnounced || !sight.takesEntries || sight.readMs >= sight.entriesEndMs)
    return refuse(TicketRefusals.DROP_OVER, {});
  if (pieces > sight.free) return refuse(TicketRefusals.DROP_SOLD_OUT, {});
  if (sight.mine + pieces > sight.limit)
    return refuse(TicketRefusals.DROP_LIMIT_REACHED, { limit: sight.limit });
  return undefined;
};

/** Why this ticket cannot be used by this account now; nothing where it can. Somebody else's is as unknown as none. */
export const useRefusal = (row: TicketRow | undefined, accountId: string): RefusalError | undefined => {
  if (row === undefined || row.accountId !== accountId) return refuse(TicketRefusals.TICKET_UNKNOWN, {});
  if (row.state === "waiting") return refuse(TicketRefusals.TICKET_WAITING, {});
  return row.state === "admitted" ? undefined : refuse(TicketRefusals.TICKET_GONE, { state: row.state });
};
