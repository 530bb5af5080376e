/** Money that a buyer's bank takes back without asking: taken from the lines it was paid for, returned if the bank gives in. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { page, pageFields } from "../_kit/page.ts";
import { Instant } from "../_kit/time.ts";
import { Pieces } from "../_kit/word.ts";
import { ReturnedTotals } from "./escrow.ts";

/** What a buyer's bank has done about a payment. */
export const ChargebackStatus = z.enum(["open", "won", "lost"]);
export const ChargebackNews = z.strictObject({
  gateway: z.string().regex(/^[a-z]{2,20}$/),
  /** The gateway's own name for it. */
  disputeRef: z.string().regex(/^[!-~]{1,200}$/),
  chargeId: id("chg"),
  amount: Price,
  status: ChargebackStatus,
  reason: z.string().max(200),
  at: Instant,
});
export const ChargebackView = z.object({
  chargebackId: id("cbk"),
  gateway: z.string(),
  disputeRef: z.string(),
  chargeId: id("chg"),
  checkoutId: id("chk").nullable(),
  amount: Price,
  status: ChargebackStatus,
  reason: z.string(),
  /** When the gateway is asked again. */
  dueAt: Instant.nullable(),
  openedAt: Instant,
  endedAt: Instant.nullable(),
});

const ChargebackRef = z.strictObject({ chargebackId: id("cbk") });

/** What moved in one order, for its ledger entry and its parties. */
const Share = z.object({
  orderId: id("ord"),
  sellerId: id("acc"),
  currency: z.string(),
  sellerCurrency: z.string(),
  sellerRate: z.string(),
  /** The version of the order that it was taken on. */
  before: z.int(),
  totals: ReturnedTotals,
});
const Taken = z.object({
  gateway: z.string(),
  checkoutId: id("chk"),
  buyerId: id("acc"),
  currency: z.string(),
  shares: z.array(Share),
  /** Taken for refunds that were promised and left to the bank, or for nothing that we know of. */
  suspenseMinor: z.int().min(0),
});

export const Chargeback = service("Chargeback", {
  /** Keeps what the gateway says; a chargeback that is over stays so.
   *  Gives    isWatched: this very call was the first to tell of it, and waits for its end
   *  Repeats  the same call: the same answer */
  record: step(
    ChargebackNews,
    z.object({ chargebackId: id("cbk"), status: ChargebackStatus, isWatched: z.boolean() }),
    { who: "module" },
  ),

  /** Takes the money out of the lines of the charge's checkout: escrow first, then from their sellers.
   *  Gives    null where nothing was placed that it could be taken from
   *  Repeats  the same shares */
  take: step(ChargebackRef, z.object({ taken: Taken.nullable() }), { who: "module" }),

  /** The bank has given in: every minor unit goes back to where it was taken.
   *  Gives    what had been taken, if anything, and the refunds that had been left to the bank and are promised again
   *  Repeats  the same */
  reinstate: step(
    ChargebackRef,
    z.object({
      taken: Taken.nullable(),
      refunds: z.array(
        z.object({
          key: z.string(),
          checkoutId: id("chk"),
          orderId: id("ord"),
          minor: z.int(),
          gateway: z.string(),
          gatewayMinor: z.int(),
          currency: z.string(),
        }),
      ),
    }),
    { who: "module" },
  ),

  /** The bank stays with it: lines that nothing is left of are refunded, and what was not sent is not sold any more.
   *  Gives    goods by order; what refunds left to the bank and it did not take is owed to the buyer
   *  Repeats  the same */
  lose: step(
    ChargebackRef,
    z.object({
      orders: z.array(
        z.object({
          orderId: id("ord"),
          before: z.int(),
          goods: z.array(z.object({ lineId: id("lin"), skuId: id("sku"), pieces: Pieces })),
        }),
      ),
      owedMinor: z.int().min(0),
    }),
    { who: "module" },
  ),

  /** A refund was left to a bank: what no bank has taken of it once all are through is the buyer's.
   *  Takes    the key of the refund
   *  Gives    zero while a bank may still take it
   *  Repeats  same key: the same amount */
  owe: step(z.strictObject({ key: z.string().min(1).max(120) }), z.object({ owedMinor: z.int().min(0) }), {
    who: "module",
  }),

  /** Asks the gateway how it stands, and keeps what it says.
   *  Gives    how long to wait before it is asked again; null when it is over
   *  Repeats  asks again */
  ask: step(ChargebackRef, z.object({ status: ChargebackStatus, waitMs: z.int().min(0).nullable() }), {
    who: "module",
  }),

  /** Chargebacks, newest first, by page. */
  list: read(z.strictObject({ status: ChargebackStatus.optional(), ...pageFields }), page(ChargebackView), {
    who: "operator",
    http: "GET /chargebacks",
  }),
});
