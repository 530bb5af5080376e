import { type Charge, ChargeRefusals, type Verdict } from "@shopnexus/contracts/order/charge";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Tx } from "#db/_kit/database.ts";
import { once } from "#db/_kit/once.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { gatewayEvent } from "#db/order/payments.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { gatewayOf } from "./gateway/gateways.ts";
import type { GatewayEvent } from "./gateway/port.ts";
import { applyReport, findCharge, orderOf } from "./rows.ts";

/** The raw event and what it does to the charge are one transaction: an event is kept exactly when it took effect. */
export const record: Step<typeof Charge, "record"> = async (
  { gateway, payload, signature },
  { db, settings },
) => {
  const event = gatewayOf(settings, gateway).event(payload, signature);
  if (event === undefined) throw refuse(ChargeRefusals.SIGNATURE_INVALID, {});
  return inTransaction(db, async (tx) => {
    const { eventId, kind, report } = event;
    const chargeId = report?.chargeId ?? null;
    await once(tx, gatewayEvent, { gateway, eventId, kind, chargeId, payload });
    return judge(tx, event);
  });
};

/** Judged anew for a repeated event: what the first one began may not have been finished. */
const judge = async (tx: Tx, { report }: GatewayEvent): Promise<Verdict> => {
  const row = report?.chargeId === undefined ? undefined : await findCharge(tx, report.chargeId);
  if (report === undefined || row === undefined) return { charge: null, next: "nothing" };
  return { charge: orderOf(row), next: await applyReport(tx, row, report) };
};
