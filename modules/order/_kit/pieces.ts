/** The pieces of a purchase: from the shelf under one hold, and from drops by the tickets of its buyer. */
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Ticket } from "@shopnexus/contracts/inventory/ticket";
import type { In } from "@shopnexus/contracts/kit/contract";
import { call, type CallContext } from "#modules/_kit/call.ts";

export type PiecesOf = {
  readonly hold: In<typeof Stock, "reserve">;
  readonly claims: ReadonlyArray<In<typeof Ticket, "claim">>;
};

type Line = { readonly ticketId?: string | undefined };
type Buyer = { readonly checkoutId: string; readonly accountId: string };

/** Which lines of a basket come from drops, and for whom. */
export const claimsOf = (lines: readonly Line[], { checkoutId, accountId }: Buyer): PiecesOf["claims"] =>
  lines.flatMap(({ ticketId }) => (ticketId === undefined ? [] : [{ ticketId, checkoutId, accountId }]));

/** Gives the SKUs that wait for stock. */
export const setAside = async (ctx: CallContext, { hold, claims }: PiecesOf): Promise<readonly string[]> => {
  const held = hold.lines.length > 0 ? await call(ctx, Stock).reserve(hold) : undefined;
  for (const claim of claims) await call(ctx, Ticket).claim(claim);
  return held?.backordered ?? [];
};

/** Each part changes nothing where its do never was, and keeps it from coming late. */
export const putBack = async (ctx: CallContext, { hold, claims }: PiecesOf): Promise<void> => {
  for (const { ticketId, checkoutId } of claims) await call(ctx, Ticket).giveBack({ ticketId, checkoutId });
  if (hold.lines.length > 0) await call(ctx, Stock).release({ holdId: hold.holdId });
};

export const sellPieces = async (ctx: CallContext, { hold, claims }: PiecesOf): Promise<void> => {
  if (hold.lines.length > 0) await call(ctx, Stock).commit({ holdId: hold.holdId });
  for (const { ticketId, checkoutId } of claims) await call(ctx, Ticket).sell({ ticketId, checkoutId });
};

export const takeBack = async (ctx: CallContext, { hold, claims }: PiecesOf): Promise<void> => {
  for (const { ticketId, checkoutId } of claims) await call(ctx, Ticket).unsell({ ticketId, checkoutId });
  if (hold.lines.length > 0) await call(ctx, Stock).restock({ holdId: hold.holdId });
};
