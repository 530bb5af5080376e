/** One attempt to be paid for one checkout, at one gateway. Only the gateway's word makes it paid. */
import { z } from "zod";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { MINOR_MAX, Price } from "../_kit/money.ts";
import { refusals } from "../_kit/refusal.ts";
import { ChargebackNews } from "./chargeback.ts";
import { ChargeOrder, ChargeState, GatewayName, GivenBack, Tender } from "./payment.ts";

const ChargeRef = z.strictObject({ chargeId: id("chg") });

export const ChargeRefusals = refusals({
  CHARGE_VOIDED: { status: 409, says: "This payment was called off." },
  CHARGE_UNPAID: { status: 409, says: "The gateway has not been paid." },
  PAYMENT_MISMATCH: {
    status: 409,
    says: "The amount paid is not the amount asked for; it goes back to you.",
    data: z.object({ asked: Price, paid: Price.nullable() }),
  },
  SIGNATURE_INVALID: { status: 400, says: "This event is not signed by the gateway." },
  AMOUNT_UNPAYABLE: { status: 422, says: "The gateway does not take this amount." },
  GATEWAY_UNAVAILABLE: { status: 422, says: "This shop does not take payments that way." },
});

/** What is to be done about what the gateway said. */
export const Verdict = z.object({
  /** The charge that was spoken of, if it is one of ours. */
  charge: ChargeOrder.nullable(),
  /**
   * signal: wake the checkout; renew: nobody can pay this any more; return: the money came too late and goes back;
   * chargeback: the buyer's bank has it.
   */
  next: z.enum(["signal", "renew", "return", "chargeback", "nothing"]),
});
export type Verdict = z.infer<typeof Verdict>;

/** How an event was taken, for gateways that want to know. */
export const Heard = z.enum(["taken", "known", "unknown", "amount_differs"]);
const Recorded = z.object({
  ...Verdict.shape,
  heard: Heard,
  chargeback: ChargebackNews.nullable(),
  /** The payout whose transfer was spoken of. */
  payoutId: id("pay").optional(),
});
export type Recorded = z.infer<typeof Recorded>;

const { CHARGE_VOIDED, CHARGE_UNPAID, PAYMENT_MISMATCH, SIGNATURE_INVALID } = ChargeRefusals;
const { AMOUNT_UNPAYABLE, GATEWAY_UNAVAILABLE } = ChargeRefusals;
const SignedEvent = {
  gateway: GatewayName,
  payload: z.string().min(2).max(500_000),
  signature: z.string().max(2_000),
};

export const Charge = service("Charge", {
  /** Opens the charge at the gateway; its idempotency key there is the charge's id.
   *  Gives    the state: paid at once where nothing is to be paid; what the buyer needs stays in our rows
   *  Refuses  CHARGE_VOIDED (its void came first), AMOUNT_UNPAYABLE, GATEWAY_UNAVAILABLE
   *  Repeats  same chargeId: the same charge
   *  Undo     void */
  open: step(ChargeOrder, z.object({ state: ChargeState }), {
    who: "module",
    undo: "void",
    refuses: [CHARGE_VOIDED, AMOUNT_UNPAYABLE, GATEWAY_UNAVAILABLE],
  }),

  /** Calls the charge off: cancelled at the gateway or, where money came in, refunded in full.
   *  Gives    returned: what went back to the buyer, null if nothing had come in
   *  Repeats  nothing changes, the same answer; of a charge that never was it leaves a tombstone */
  void: step(ChargeOrder, z.object({ returned: Price.nullable() }), { who: "module" }),

  /** Makes room for the next attempt to pay: calls this one off, unless it was paid; a payment that came first wins.
   *  Gives    the state that it is left in: voided, or as a payment leaves it
   *  Repeats  the same state, unless it was paid since */
  retire: step(ChargeRef, z.object({ state: ChargeState }), { who: "module" }),

  /** Asks the gateway how the charge stands and writes down what it says.
   *  Repeats  asks again */
  inspect: step(ChargeRef, Verdict, { who: "module" }),

  /** Takes the money for the checkout, captured now where it was only authorized: amount, currency and reference must
   *  be ours. Nothing undoes it.
   *  Refuses  CHARGE_UNPAID, CHARGE_VOIDED, PAYMENT_MISMATCH
   *  Repeats  nothing changes */
  settle: step(ChargeRef, z.object({ amount: Price }), {
    who: "module",
    refuses: [CHARGE_UNPAID, CHARGE_VOIDED, PAYMENT_MISMATCH],
  }),

  /** Gives money of a placed order back by the means it was paid with, in proportion.
   *  Takes    minor: no more than the order's lines still hold; key names the reason, once
   *  Gives    the parts; left_to_bank where the buyer's bank asks for the gateway's part itself
   *  Repeats  same key: the same parts, given back once */
  giveBack: step(
    z.strictObject({
      key: z.string().min(1).max(120),
      checkoutId: id("chk"),
      orderId: id("ord"),
      minor: z.int().min(0).max(MINOR_MAX),
    }),
    GivenBack,
    { who: "module" },
  ),

  /** How a placed checkout was paid.
   *  Gives    null for a checkout whose payment is not settled */
  tenderOf: read(z.strictObject({ checkoutId: id("chk") }), z.object({ tender: Tender.nullable() }), {
    who: "module",
  }),

  /** Takes an event from a gateway: the signature is its proof, the raw text is kept before anything is done.
   *  Takes    payload: the body, or the query, as it came; signature: the header as it came, of five minutes at most
   *  Gives    heard: how it was taken, for gateways that want to know
   *  Refuses  SIGNATURE_INVALID, GATEWAY_UNAVAILABLE
   *  Repeats  same event: nothing changes */
  receive: op(z.strictObject(SignedEvent), z.object({ heard: Heard }), {
    who: "anyone",
    refuses: [SIGNATURE_INVALID, GATEWAY_UNAVAILABLE],
  }),

  /** Verifies an event, keeps it, and writes down what it says of its charge.
   *  Refuses  SIGNATURE_INVALID, GATEWAY_UNAVAILABLE
   *  Repeats  same event: the same verdict */
  record: step(z.strictObject(SignedEvent), Recorded, {
    who: "module",
    refuses: [SIGNATURE_INVALID, GATEWAY_UNAVAILABLE],
  }),
});
