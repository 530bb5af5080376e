import { type Charge, ChargeRefusals } from "@shopnexus/contracts/order/charge";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Db } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import type { Settings } from "#modules/_kit/settings.ts";
import { tell } from "../order/rows.ts";
import { gatewayOf } from "./gateway/gateways.ts";
import { applyReport, type ChargeRow, findCharge, insertTender, moveCharge } from "./rows.ts";
import { authorizedOf, isAsAsked, isAuthorizedAsAsked, paidOf } from "./rules.ts";

export const settle: Step<typeof Charge, "settle"> = async ({ chargeId }, { db, settings }) => {
  await capture(db, settings, chargeId);
  return inTransaction(db, async (tx) => {
    const row = await findCharge(tx, chargeId);
    if (row === undefined || row.state === "voiding" || row.state === "voided")
      throw refuse(ChargeRefusals.CHARGE_VOIDED, {});
    if (row.state !== "paid" && row.state !== "settled") throw refuse(ChargeRefusals.CHARGE_UNPAID, {});
    if (!isAsAsked(row)) throw mismatchOf(row, paidOf(row));
    // Said by the write, whatever was read above: a void that came in between leaves nothing to settle.
    const settled = await moveCharge(tx, { chargeId, from: ["paid", "settled"] }, { state: "settled" });
    if (settled === undefined) throw refuse(ChargeRefusals.CHARGE_VOIDED, {});
    await insertTender(tx, settled);
    await tell(tx, row.checkoutId, "payment_settled");
    return { amount: askedOf(row) };
  });
};

/** Takes what was only authorized. Where the gateway has let go of it, the charge stays unpaid. */
const capture = async (db: Db, settings: Settings, chargeId: string): Promise<void> => {
  const row = await findCharge(db, chargeId);
  if (row?.state !== "authorized") return;
  if (!isAuthorizedAsAsked(row)) throw mismatchOf(row, authorizedOf(row));
  assert(row.gatewayRef !== null, "what is authorized has a payment at the gateway");
  const gateway = gatewayOf(settings, row.gateway);
  const report = await gateway.capture(row.gatewayRef, askedOf(row), `${chargeId}/capture`);
  await inTransaction(db, (tx) => applyReport(tx, row, report));
};

const askedOf = (row: ChargeRow) => ({ minor: row.amountMinor, currency: row.currency });

const mismatchOf = (row: ChargeRow, paid: ReturnType<typeof paidOf>) =>
  refuse(ChargeRefusals.PAYMENT_MISMATCH, { asked: askedOf(row), paid });
