/** A place in a drop: asked for at the gate, admitted in turn, then bought by an ordinary checkout or given back. */
import { z } from "zod";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Done } from "../_kit/word.ts";
import { DropRefusals } from "./drop.ts";
import { HOLD_LINE_COUNT_MAX } from "./stock.ts";

/** lapsed: its time is over or the drop is; its pieces went to the next in turn. */
export const TicketState = z.enum(["waiting", "admitted", "checked_out", "sold", "lapsed"]);

/** A ticket that the gate has let pass: it is written down a moment later. */
export const TicketPassed = z.object({
  ticketId: id("tkt"),
  dropId: id("drp"),
  skuId: id("sku"),
  pieces: z.int(),
  state: TicketState,
  /** Until when a checkout is to begin, or is to be paid; of who waits the end of the drop. */
  expiresAt: Instant,
});
export type TicketPassed = z.infer<typeof TicketPassed>;

export const TicketView = TicketPassed.extend({
  price: Price,
  /** The place in turn; of a draw it is given when the places are drawn. */
  position: z.int(),
});
export type TicketView = z.infer<typeof TicketView>;

export const TicketRefusals = refusals({
  DROP_NOT_YET: { status: 409, says: "The drop has not begun.", data: z.object({ startsAt: Instant }) },
  DROP_OVER: { status: 409, says: "The drop takes nobody any more." },
  DROP_SOLD_OUT: { status: 409, says: "All pieces are taken, and all places to wait for one." },
  DROP_LIMIT_REACHED: {
    status: 409,
    says: "You have as many pieces of this drop as one account may have.",
    data: z.object({ limit: z.int() }),
  },
  TICKET_UNKNOWN: { status: 404, says: "There is no such ticket." },
  TICKET_WAITING: { status: 409, says: "It is not this ticket's turn yet." },
  TICKET_GONE: {
    status: 409,
    says: "This ticket is used, or its time is over.",
    data: z.object({ state: z.string() }),
  },
  TICKET_DIFFERS: { status: 422, says: "This ticket is for another item, or for another number of pieces." },
});

const pieces = z.int().min(1).max(100);
const Ask = { dropId: id("drp"), skuId: id("sku"), pieces };
const Use = z.strictObject({ ticketId: id("tkt"), checkoutId: id("chk") });

export const Ticket = service("Ticket", {
  /** Asks for a place. The edge answers 202 before the ticket is written down where the gate has let it pass, else 200.
   *  Takes    attemptId 8 to 80 characters, the caller's own for this one ask; pieces 1 to 100
   *  Gives    the ticket: admitted, or waiting for its turn
   *  Refuses  DROP_UNKNOWN, DROP_NOT_YET, DROP_OVER, DROP_SOLD_OUT, DROP_LIMIT_REACHED
   *  Repeats  same attemptId: the same ticket */
  enter: op(
    z.strictObject({
      ...Ask,
      pieces: pieces.default(1),
      attemptId: z.string().regex(/^[A-Za-z0-9_-]{8,80}$/),
    }),
    TicketView,
    {
      who: "account",
      refuses: [
        DropRefusals.DROP_UNKNOWN,
        TicketRefusals.DROP_NOT_YET,
        TicketRefusals.DROP_OVER,
        TicketRefusals.DROP_SOLD_OUT,
        TicketRefusals.DROP_LIMIT_REACHED,
      ],
      http: "POST /drops/{dropId}/tickets",
      accepted: TicketPassed,
    },
  ),

  /** Writes a ticket down, and admits whose turn it is.
   *  Refuses  DROP_UNKNOWN, DROP_NOT_YET, DROP_OVER, DROP_SOLD_OUT, DROP_LIMIT_REACHED
   *  Repeats  same ticketId: the same ticket */
  admit: step(z.strictObject({ ticketId: id("tkt"), accountId: id("acc"), ...Ask }), TicketView, {
    who: "module",
    refuses: [
      DropRefusals.DROP_UNKNOWN,
      TicketRefusals.DROP_NOT_YET,
      TicketRefusals.DROP_OVER,
      TicketRefusals.DROP_SOLD_OUT,
      TicketRefusals.DROP_LIMIT_REACHED,
    ],
  }),

  /** How a ticket of the caller's stands. One that the gate has just let pass may take a moment to be found.
   *  Refuses  TICKET_UNKNOWN, also for somebody else's */
  read: read(z.strictObject({ ticketId: id("tkt") }), TicketView, {
    who: "account",
    refuses: [TicketRefusals.TICKET_UNKNOWN],
    http: "GET /tickets/{ticketId}",
  }),

  /** What the pieces of admitted tickets cost.
   *  Refuses  TICKET_UNKNOWN, also for somebody else's, TICKET_WAITING, TICKET_GONE, TICKET_DIFFERS */
  terms: read(
    z.strictObject({
      accountId: id("acc"),
      lines: z
        .array(z.strictObject({ ticketId: id("tkt"), skuId: id("sku"), pieces: z.int() }))
        .min(1)
        .max(HOLD_LINE_COUNT_MAX),
    }),
    z.object({ prices: z.array(z.object({ skuId: id("sku"), price: Price })) }),
    {
      who: "module",
      refuses: [
        TicketRefusals.TICKET_UNKNOWN,
        TicketRefusals.TICKET_WAITING,
        TicketRefusals.TICKET_GONE,
        TicketRefusals.TICKET_DIFFERS,
      ],
    },
  ),

  /** Uses an admitted ticket for a checkout: its pieces are held 15 min for it.
   *  Refuses  TICKET_UNKNOWN, also for somebody else's, TICKET_WAITING, TICKET_GONE
   *  Repeats  same checkout: nothing changes
   *  Undo     giveBack */
  claim: step(z.strictObject({ ticketId: id("tkt"), checkoutId: id("chk"), accountId: id("acc") }), Done, {
    who: "module",
    undo: "giveBack",
    refuses: [TicketRefusals.TICKET_UNKNOWN, TicketRefusals.TICKET_WAITING, TicketRefusals.TICKET_GONE],
  }),

  /** Gives a claim up: the ticket may be used again while its first time lasts, else its pieces go to the next in turn.
   *  Repeats  nothing changes; a sold one stays sold; of a claim that never was it makes a late one refuse */
  giveBack: step(Use, Done, { who: "module" }),

  /** Turns a claimed ticket's pieces into sold ones.
   *  Refuses  TICKET_GONE
   *  Repeats  nothing changes
   *  Undo     unsell */
  sell: step(Use, Done, { who: "module", undo: "unsell", refuses: [TicketRefusals.TICKET_GONE] }),

  /** Takes a sale back: the pieces are held for the checkout again. Refuses a late sale by tombstone.
   *  Repeats  nothing changes; of a claim that was not sold: giveBack */
  unsell: step(Use, Done, { who: "module" }),

  /** Lets go of tickets whose time is over, oldest first, and admits the next in turn.
   *  Takes    limit 1 to 1,000 tickets
   *  Gives    how many lapsed
   *  Repeats  takes the next ones; two at once never take the same */
  lapse: step(z.strictObject({ limit: z.int().min(1).max(1_000) }), z.object({ lapsedCount: z.int() }), {
    who: "module",
  }),
});
