import { type Charge, ChargeRefusals } from "@shopnexus/contracts/order/charge";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { tell } from "../order/rows.ts";
import { type ChargeRow, findCharge, insertTender, moveCharge } from "./rows.ts";
import { isAsAsked, paidOf } from "./rules.ts";

export const settle: Step<typeof Charge, "settle"> = async ({ chargeId }, { db }) =>
  inTransaction(db, async (tx) => {
    const row = await findCharge(tx, chargeId);
    if (row === undefined || row.state === "voiding" || row.state === "voided")
      throw refuse(ChargeRefusals.CHARGE_VOIDED, {});
    if (row.state === "opening" || row.state === "open") throw refuse(ChargeRefusals.CHARGE_UNPAID, {});
    beAsAsked(row);
    // Said by the write, whatever was read above: a void that came in between leaves nothing to settle.
    const settled = await moveCharge(tx, { chargeId, from: ["paid", "settled"] }, { state: "settled" });
    if (settled === undefined) throw refuse(ChargeRefusals.CHARGE_VOIDED, {});
    await insertTender(tx, settled);
    await tell(tx, row.checkoutId, "payment_settled");
    return { amount: { minor: row.amountMinor, currency: row.currency } };
  });

const beAsAsked = (row: ChargeRow): void => {
  if (isAsAsked(row)) return;
  throw refuse(ChargeRefusals.PAYMENT_MISMATCH, {
    asked: { minor: row.amountMinor, currency: row.currency },
    paid: paidOf(row),
  });
};
