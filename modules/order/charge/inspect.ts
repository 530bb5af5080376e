import type { Charge } from "@shopnexus/contracts/order/charge";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { gatewayOf } from "./gateway/gateways.ts";
import { applyReport, findCharge, orderOf } from "./rows.ts";

export const inspect: Step<typeof Charge, "inspect"> = async ({ chargeId }, { db, settings }) => {
  const row = await findCharge(db, chargeId);
  if (row === undefined) return { charge: null, next: "nothing" };
  const order = orderOf(row);
  if (row.state === "authorized" || row.state === "paid" || row.state === "settled")
    return { charge: order, next: "signal" };
  if (row.gatewayRef === null) return { charge: order, next: "nothing" };
  const report = await gatewayOf(settings, order.gateway).report(row.gatewayRef);
  return { charge: order, next: await inTransaction(db, (tx) => applyReport(tx, row, report)) };
};
