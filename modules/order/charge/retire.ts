import type { Charge } from "@shopnexus/contracts/order/charge";
import { inTransaction } from "#db/_kit/transaction.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { tell } from "../order/rows.ts";
import { gatewayOf } from "./gateway/gateways.ts";
import type { Gateway } from "./gateway/port.ts";
import { applyReport, findCharge, moveCharge } from "./rows.ts";

/** Nothing is marked before the gateway was asked: until then a payment still counts, and after it only by its own event. */
export const retire: Step<typeof Charge, "retire"> = async ({ chargeId }, { db, settings }) => {
  const row = await findCharge(db, chargeId);
  assert(row !== undefined, "an attempt is opened before it is replaced");
  if (row.state !== "open" || row.gatewayRef === null) return { state: row.state };
  const report = await callOff(gatewayOf(settings, row.gateway), row.gatewayRef);
  return inTransaction(db, async (tx) => {
    if (report.paid === undefined && report.authorized === undefined) {
      const retired = await moveCharge(tx, { chargeId, from: ["open"] }, { state: "voided" });
      if (retired !== undefined)
        await tell(tx, row.checkoutId, { what: "payment_replaced", detail: String(row.attempt + 1) });
    } else await applyReport(tx, row, report);
    return { state: (await findCharge(tx, chargeId))?.state ?? row.state };
  });
};

/** Looked at first: a cancellation would let go of what was authorized. */
const callOff = async (gateway: Gateway, ref: string) => {
  const report = await gateway.report(ref);
  const hasMoney = report.paid !== undefined || report.authorized !== undefined;
  return hasMoney ? report : gateway.cancel(ref);
};
