/** One attempt to be paid for one checkout, at one gateway. Only the gateway's word makes it paid. */
import { z } from "zod";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { MINOR_MAX, Price } from "../_kit/money.ts";
import { refusals } from "../_kit/refusal.ts";
import { Done } from "../_kit/word.ts";
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
});

/** What is to be done about what the gateway said. */
export const Verdict = z.object({
  /** The charge that was spoken of, if it is one of ours. */
  charge: ChargeOrder.nullable(),
  /** signal: wake the checkout; return: the money came too late and goes back. */
  next: z.enum(["signal", "return", "nothing"]),
});
export type Verdict = z.infer<typeof Verdict>;

export const Charge = service("Charge", {
  /** Opens the charge at the gateway; its idempotency key there is the charge's id.
   *  Gives    the state: paid at once where nothing is to be paid; what the buyer needs stays in our rows
   *  Refuses  CHARGE_VOIDED (its void came first), AMOUNT_UNPAYABLE
   *  Repeats  same chargeId: the same charge
   *  Undo     void */
  open: step(ChargeOrder, z.object({ state: ChargeState }), {
    who: "module",
    undo: "void",
    refuses: [ChargeRefusals.CHARGE_VOIDED, ChargeRefusals.AMOUNT_UNPAYABLE],
  }),

  /** Calls the charge off: cancelled at the gateway or, where money came in, refunded in full.
   *  Gives    returned: what went back to the buyer, null if nothing had come in
   *  Repeats  nothing changes, the same answer; of a charge that never was it leaves a tombstone */
  void: step(ChargeOrder, z.object({ returned: Price.nullable() }), { who: "module" }),

  /** Asks the gateway how the charge stands and writes down what it says.
   *  Repeats  asks again */
  inspect: step(ChargeRef, Verdict, { who: "module" }),

  /** Takes the paid money for the checkout: amount, currency and reference must be ours. Nothing undoes it.
   *  Refuses  CHARGE_UNPAID, CHARGE_VOIDED, PAYMENT_MISMATCH
   *  Repeats  nothing changes */
  settle: step(ChargeRef, z.object({ amount: Price }), {
    who: "module",
    refuses: [ChargeRefusals.CHARGE_UNPAID, ChargeRefusals.CHARGE_VOIDED, ChargeRefusals.PAYMENT_MISMATCH],
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
   *  Takes    payload: the body as it came; signature: the header as it came, of at most five minutes ago
   *  Refuses  SIGNATURE_INVALID
   *  Repeats  same event: nothing changes */
  receive: op(
    z.strictObject({
      gateway: GatewayName,
      payload: z.string().min(2).max(500_000),
      signature: z.string().max(2_000),
    }),
    Done,
    { who: "anyone", refuses: [ChargeRefusals.SIGNATURE_INVALID] },
  ),

  /** Verifies an event, keeps it, and writes down what it says of its charge.
   *  Refuses  SIGNATURE_INVALID
   *  Repeats  same event: the same verdict */
  record: step(
    z.strictObject({
      gateway: GatewayName,
      payload: z.string().max(500_000),
      signature: z.string().max(2_000),
    }),
    Verdict,
    { who: "module", refuses: [ChargeRefusals.SIGNATURE_INVALID] },
  ),
});
