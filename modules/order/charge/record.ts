import { type Charge, ChargeRefusals, type Recorded } from "@shopnexus/contracts/order/charge";
import { id } from "@shopnexus/contracts/kit/id";
import { equals } from "@shopnexus/contracts/kit/money";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Tx } from "#db/_kit/database.ts";
import { once } from "#db/_kit/once.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { gatewayEvent } from "#db/order/payments.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { findGateway } from "./gateway/gateways.ts";
import type { GatewayDispute, GatewayEvent } from "./gateway/port.ts";
import { applyReport, chargeOfPayment, findCharge, orderOf } from "./rows.ts";

/** The raw event and what it does to the charge are one transaction: an event is kept exactly when it took effect. */
export const record: Step<typeof Charge, "record"> = async (
  { gateway, payload, signature },
  { db, settings },
) => {
  const known = findGateway(settings, gateway);
  if (known === undefined) throw refuse(ChargeRefusals.GATEWAY_UNAVAILABLE, {});
  const event = known.event(payload, signature);
  if (event === undefined) throw refuse(ChargeRefusals.SIGNATURE_INVALID, {});
  return inTransaction(db, async (tx) => {
    const { eventId, kind, report } = event;
    const chargeId = report?.chargeId ?? null;
    const isNew = await once(tx, gatewayEvent, { gateway, eventId, kind, chargeId, payload });
    if (event.dispute !== undefined) return disputed(tx, gateway, event.dispute);
    const payoutId = id("pay").safeParse(event.payoutId);
    if (payoutId.success) return { ...UNKNOWN, heard: "taken", payoutId: payoutId.data };
    return judge(tx, event, isNew);
  });
};

const UNKNOWN: Recorded = { charge: null, next: "nothing", heard: "unknown", chargeback: null };

/** Judged anew for a repeated event: what the first one began may not have been finished. */
const judge = async (tx: Tx, { report, amount }: GatewayEvent, isNew: boolean): Promise<Recorded> => {
  const row = report?.chargeId === undefined ? undefined : await findCharge(tx, report.chargeId);
  if (report === undefined || row === undefined) return UNKNOWN;
  const charge = orderOf(row);
  // What says its amount says its reference too, and both are ours: any other is nobody's business here.
  if (amount !== undefined && row.gatewayRef !== report.ref) return UNKNOWN;
  if (amount !== undefined && !equals(amount, charge.amount))
    return { charge, next: "nothing", heard: "amount_differs", chargeback: null };
  const heard = isNew && row.state !== "paid" && row.state !== "settled" ? "taken" : "known";
  return { charge, next: await applyReport(tx, row, report), heard, chargeback: null };
};

/** A dispute names the payment, and not the charge. */
const disputed = async (tx: Tx, gateway: string, dispute: GatewayDispute): Promise<Recorded> => {
  const row = await chargeOfPayment(tx, gateway, dispute.ref);
  if (row === undefined) return UNKNOWN;
  const chargeback = newsOf(gateway, row.chargeId, dispute);
  return { charge: orderOf(row), next: "chargeback", heard: "taken", chargeback };
};

export const newsOf = (
  gateway: string,
  chargeId: string,
  { disputeRef, amount, status, reason, at }: GatewayDispute,
): NonNullable<Recorded["chargeback"]> => ({
  gateway,
  chargeId,
  disputeRef,
  amount,
  status,
  reason: reason.slice(0, 200),
  at: instant(at.getTime()),
});
