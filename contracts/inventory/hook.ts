/** What suppliers' systems are told, by signed webhooks: each message until it is taken, refused, or given up. */
import { z } from "zod";
import { op, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Done } from "../_kit/word.ts";
import { HookEvent, HookState, PurchaseRefusals, PurchaseView } from "./purchase.ts";

const { PURCHASE_UNKNOWN, PURCHASE_CLOSED } = PurchaseRefusals;

/** So often a message is tried before it is given up; the seller may ask for as many again. */
export const HOOK_ATTEMPT_COUNT_MAX = 12;

const Ref = z.strictObject({ purchaseId: id("pur"), event: HookEvent });

const Failure = z.object({ sellerId: id("acc"), attempts: z.int(), reason: z.string() });

export const Hook = service("Hook", {
  /** Keeps at a message, in ever longer pauses, until the supplier's system has it, refuses it, or it is given up: then
   *  the seller is written to.
   *  Takes    which event of which purchase order
   *  Repeats  nothing happens once the message is at its end
   *  Source   modules/inventory/hook/README.md */
  post: op(Ref, Done, { who: "module" }),

  /** Tries a message once, if its time has come and nobody else has it in hand.
   *  Gives    what became of it, and how long it may be left alone; dropped: there is none; of a failed one, whom to tell why
   *  Repeats  what is at its end is not sent again; what was cut off goes again under the same id */
  deliver: step(Ref, z.object({ state: HookState, waitMs: z.int(), failure: Failure.nullable() }), {
    who: "module",
  }),

  /** Tells a supplier again of a purchase order of the caller's, at once, and by the way that the supplier is told now.
   *  Refuses  PURCHASE_UNKNOWN, also for somebody else's; PURCHASE_CLOSED (a draft, received or cancelled)
   *  Repeats  what the supplier has is not told again; what it may have goes under the same id */
  resend: op(z.strictObject({ purchaseId: id("pur") }), PurchaseView, {
    who: "seller",
    refuses: [PURCHASE_UNKNOWN, PURCHASE_CLOSED],
    http: "POST /me/purchases/{purchaseId}/resend",
  }),

  /** Makes an order's message go again, with as many attempts as a new one; or leaves it to a letter.
   *  Gives    what the letter needs
   *  Refuses  PURCHASE_UNKNOWN, PURCHASE_CLOSED
   *  Repeats  nothing changes for one that is delivered */
  reopen: step(
    z.strictObject({ purchaseId: id("pur"), sellerId: id("acc") }),
    z.object({ view: PurchaseView, email: z.string(), code: z.string() }),
    { who: "module", refuses: [PURCHASE_UNKNOWN, PURCHASE_CLOSED] },
  ),
});
