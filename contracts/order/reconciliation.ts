/** Our books against the gateways' own: what a lost event left behind is put right, and the rest is told to people. */
import { z } from "zod";
import { op, read, service, step } from "../_kit/contract.ts";
import { page, pageFields } from "../_kit/page.ts";
import { Done, Nothing } from "../_kit/word.ts";
import { Verdict } from "./charge.ts";
import { ChargebackNews } from "./chargeback.ts";
import { ChargeOrder, Finding, GatewayName } from "./payment.ts";

export const STALE_COUNT_MAX = 100;

/** What a comparison came to. */
export const Compared = z.object({
  gateway: GatewayName,
  /** Somebody else was at it: nothing was compared. */
  isBusy: z.boolean(),
  /** How many payments, refunds and disputes the gateway has of the time compared. */
  objectCount: z.int(),
  repairCount: z.int(),
  findingCount: z.int(),
});

export const Reconciliation = service("Reconciliation", {
  /** Compares now, gateway by gateway, instead of waiting for the day's turn.
   *  Repeats  compares again; what was put right stays so */
  now: op(Nothing, z.object({ gateways: z.array(Compared) }), {
    who: "operator",
    http: "POST /reconciliation",
  }),

  /** The same, once a day, by the clock.
   *  Repeats  compares again */
  daily: op(Nothing, Done, { who: "module" }),

  /** Pairs what a gateway lists, since the last time and a day before it, with our charges, refunds and disputes.
   *  Gives    verdicts and chargebacks: as if their events had come just now
   *  Repeats  the same findings; what was put right is not found again */
  compare: step(
    z.strictObject({ gateway: GatewayName }),
    z.object({
      ...Compared.shape,
      verdicts: z.array(Verdict),
      chargebacks: z.array(ChargebackNews),
    }),
    { who: "module" },
  ),

  /** Asks after attempts to pay that nobody has ended in time: their checkout's run may be no more.
   *  Repeats  asks again; what is hours too old is called off, and what was paid for it goes back */
  poll: op(Nothing, Done, { who: "module" }),

  /** Charges whose window is long over and that are neither settled nor called off, oldest first.
   *  Takes    limit 1 to 100
   *  Gives    isAbandoned: it is hours too old, and its checkout placed nothing */
  stale: read(
    z.strictObject({ limit: z.int().min(1).max(STALE_COUNT_MAX) }),
    z.object({ charges: z.array(z.object({ charge: ChargeOrder, isAbandoned: z.boolean() })) }),
    { who: "module" },
  ),

  /** What only a person can put right, newest first, by page. */
  findings: read(z.strictObject({ ...pageFields }), page(Finding), {
    who: "operator",
    http: "GET /reconciliation/findings",
  }),
});
