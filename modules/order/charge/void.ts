import { eq } from "drizzle-orm";
import type { Charge } from "@shopnexus/contracts/order/charge";
import type { ChargeOrder } from "@shopnexus/contracts/order/payment";
import type { Db, Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { tender } from "#db/order/payments.ts";
import { checkout } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import type { Settings } from "#modules/_kit/settings.ts";
import { tell } from "../order/rows.ts";
import type { Gateway, GatewayReport } from "./gateway/port.ts";
import { findGateway, gatewayOf } from "./gateway/gateways.ts";
import { type ChargeRow, findCharge, insertCharge, moveCharge, openingOf } from "./rows.ts";
import { paidOf } from "./rules.ts";

/** Marks first, then asks the gateway, then writes down what it said: stopped anywhere, the repeat goes on from the mark. */
const voidCharge: Step<typeof Charge, "void"> = async (order, { db, settings }) => {
  if (await insertCharge(db, order, { state: "voided" })) return { returned: null };
  const { chargeId } = order;
  await moveCharge(db, { chargeId, from: ["opening", "open", "authorized", "paid"] }, { state: "voiding" });
  await inTransaction(db, (tx) => unsettle(tx, order));
  const row = await findCharge(db, chargeId);
  assert(row !== undefined, "charges are never deleted");
  if (row.state === "voided" && (row.paidMinor === null || row.returnedMinor !== null))
    return { returned: returnedOf(row) };
  const report = await callOff(db, settings, row);
  return { returned: returnedOf(await finish(db, row, report)) };
};
export { voidCharge as void };

/** Only a loser's undo comes here: the charge that paid for orders is refunded, line by line, never voided. */
const unsettle = async (tx: Tx, { chargeId, checkoutId }: ChargeOrder): Promise<void> => {
  const settled = await moveCharge(tx, { chargeId, from: ["settled"] }, { state: "voiding" });
  if (settled === undefined) return;
  const [row] = await tx
    .select({ state: checkout.state })
    .from(checkout)
    .where(eq(checkout.checkoutId, checkoutId));
  assert(row?.state !== "placed", "a placed checkout is past its pivot");
  await tx.delete(tender).where(eq(tender.checkoutId, checkoutId));
};

/** Cancels at the gateway, or gives back what was paid; undefined where the gateway has no part in it. */
const callOff = async (db: Db, settings: Settings, row: ChargeRow): Promise<GatewayReport | undefined> => {
  // A gateway that this shop has no keys for has never heard of it.
  const isUnheard = row.gatewayRef === null && findGateway(settings, row.gateway) === undefined;
  if (row.amountMinor === 0 || isUnheard) return undefined;
  const gateway = gatewayOf(settings, row.gateway);
  // A charge whose opening lost its answer is found again by its idempotency key.
  const ref = row.paidRef ?? row.gatewayRef ?? (await gateway.open(await openingOf(db, row)))?.ref;
  if (ref === undefined) return undefined;
  // Money that came in under a reference of its own leaves the payment that we opened still to be paid.
  if (row.gatewayRef !== null && row.gatewayRef !== ref) await takeBack(row, row.gatewayRef, gateway);
  return takeBack(row, ref, gateway);
};

const takeBack = async (row: ChargeRow, ref: string, gateway: Gateway): Promise<GatewayReport> => {
  const report = await gateway.cancel(ref);
  if (report.paid !== undefined && report.paid.minor > 0)
    await gateway.refund(ref, report.paid, `${row.chargeId}/return/${ref}`);
  return report;
};

const finish = async (db: Db, row: ChargeRow, report: GatewayReport | undefined): Promise<ChargeRow> =>
  inTransaction(db, async (tx) => {
    const paid = report?.paid;
    const money = paid && {
      paidMinor: paid.minor,
      paidCurrency: paid.currency,
      paidRef: report.ref,
      returnedMinor: paid.minor,
    };
    const from = ["voiding", "voided"] as const;
    const voided = await moveCharge(
      tx,
      { chargeId: row.chargeId, from },
      { state: "voided", gatewayRef: row.gatewayRef ?? report?.ref ?? null, ...money },
    );
    assert(voided !== undefined, "nothing leaves voiding but to voided");
    await tell(tx, row.checkoutId, paid ? "payment_returned" : "payment_called_off");
    return voided;
  });

const returnedOf = (row: ChargeRow) => {
  const paid = paidOf(row);
  return paid === null || row.returnedMinor === null || row.returnedMinor === 0
    ? null
    : { ...paid, minor: row.returnedMinor };
};
