/** SQL that the verbs of Charge share. */
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Money } from "@shopnexus/contracts/kit/money";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import type { Verdict } from "@shopnexus/contracts/order/charge";
import type { ChargeOrder, ChargeState } from "@shopnexus/contracts/order/payment";
import type { z } from "zod";
import type { Db, Tx } from "#db/_kit/database.ts";
import { once } from "#db/_kit/once.ts";
import { charge, type giveBack, tender } from "#db/order/payments.ts";
import { checkout } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import { tell } from "../order/rows.ts";
import type { GatewayReport, Opening } from "./gateway/port.ts";

export type ChargeRow = typeof charge.$inferSelect;
export type TenderRow = typeof tender.$inferSelect;
export type GiveBackRow = typeof giveBack.$inferSelect;
type State = z.infer<typeof ChargeState>;
type Payment = { readonly paid: Money; readonly ref: string };

/** Writes a charge down in its first state, unless there is one. Gives whether this call wrote it. Leans on the primary key. */
export const insertCharge = async (
  tx: Tx | Db,
  order: ChargeOrder,
  first: Partial<ChargeRow> & { state: State },
): Promise<boolean> => {
  const { chargeId, checkoutId, attempt = 0, gateway, amount } = order;
  const row = {
    chargeId,
    checkoutId,
    attempt,
    gateway,
    amountMinor: amount.minor,
    currency: amount.currency,
    ...first,
  };
  return once(tx, charge, row);
};

/** Moves a charge on, if it is in one of the states named. Gives the row as it is then. Leans on the primary key. */
export const moveCharge = async (
  tx: Tx | Db,
  where: { chargeId: string; from: readonly State[] },
  set: Partial<ChargeRow>,
): Promise<ChargeRow | undefined> => {
  const [row] = await tx
    .update(charge)
    .set({ ...set, changedAt: sql`now()` })
    .where(and(eq(charge.chargeId, where.chargeId), inArray(charge.state, [...where.from])))
    .returning();
  return row;
};

/** Notes what came in on a charge that was called off already; the first note stays. Leans on the primary key. */
export const noteLatePayment = async (
  tx: Tx | Db,
  chargeId: string,
  { paid, ref }: Payment,
): Promise<boolean> => {
  const noted = await tx
    .update(charge)
    .set({ paidMinor: paid.minor, paidCurrency: paid.currency, paidRef: ref })
    .where(and(eq(charge.chargeId, chargeId), eq(charge.state, "voided"), isNull(charge.paidMinor)))
    .returning();
  return noted.length === 1;
};

/** One charge. Leans on the primary key. */
export const findCharge = async (tx: Tx | Db, chargeId: string): Promise<ChargeRow | undefined> => {
  const [row] = await tx.select().from(charge).where(eq(charge.chargeId, chargeId));
  return row;
};

/** The charge of a payment, as the gateway names it. Leans on one_charge_a_reference. */
export const chargeOfPayment = async (
  tx: Tx | Db,
  gateway: string,
  gatewayRef: string,
): Promise<ChargeRow | undefined> => {
  const [row] = await tx
    .select()
    .from(charge)
    .where(and(eq(charge.gateway, gateway), eq(charge.gatewayRef, gatewayRef)));
  return row;
};

/** How long a page of a gateway's stays open for a checkout whose window nobody has set. */
const OPEN_MS = 15 * MINUTE_MS;

/** An order with its times: from the row and the checkout's window, so that every repeat opens the same payment. */
export const openingOf = async (tx: Tx | Db, row: ChargeRow): Promise<Opening> => {
  const [own] = await tx
    .select({ endsAt: checkout.windowEndsAt })
    .from(checkout)
    .where(eq(checkout.checkoutId, row.checkoutId));
  const endsAt = own?.endsAt ?? new Date(row.createdAt.getTime() + OPEN_MS);
  return { ...orderOf(row), openedAt: row.createdAt, endsAt };
};

/** How a checkout was paid, for reading or, by whoever will change it, in its turn. Leans on the primary key. */
export const findTender = async (
  tx: Tx | Db,
  checkoutId: string,
  lock?: "update",
): Promise<TenderRow | undefined> => {
  const rows = tx.select().from(tender).where(eq(tender.checkoutId, checkoutId));
  const [row] = await (lock === undefined ? rows : rows.for(lock));
  return row;
};

/** Writes down how a settled checkout was paid; the first word stays. Leans on the primary key. */
export const insertTender = async (tx: Tx, row: ChargeRow): Promise<void> => {
  const isPaid = row.amountMinor > 0;
  await tx.execute(sql`
    insert into ${tender} (checkout_id, charge_id, gateway, gateway_ref, account_id, currency, gateway_minor, wallet_minor)
    select c.checkout_id, ${isPaid ? row.chargeId : null}, ${isPaid ? row.gateway : null},
      ${isPaid ? row.gatewayRef : null}, c.account_id, ${row.currency}, ${row.amountMinor}::bigint, c.wallet_minor
    from ${checkout} c where c.checkout_id = ${row.checkoutId}
    on conflict do nothing`);
  assert((await findTender(tx, row.checkoutId)) !== undefined, "a charge is for a checkout that is there");
};

export const orderOf = (row: ChargeRow): ChargeOrder => ({
  chargeId: row.chargeId,
  checkoutId: row.checkoutId,
  ...(row.attempt > 0 && { attempt: row.attempt }),
  gateway: row.gateway as ChargeOrder["gateway"],
  amount: { minor: row.amountMinor, currency: row.currency },
});

/** Writes down what the gateway says of a charge, and gives what is to be done about it. */
export const applyReport = async (
  tx: Tx | Db,
  row: ChargeRow,
  report: GatewayReport,
): Promise<Verdict["next"]> => {
  const { chargeId, checkoutId } = row;
  const { paid, authorized, ref } = report;
  if (paid === undefined && authorized === undefined) return applyUnpaid(tx, row, report);
  const came = paid === undefined ? authorizedColumns(authorized) : paidColumns(paid, ref);
  const from = paid === undefined ? UNPAID : ([...UNPAID, "authorized"] as const);
  // An event may overtake the answer that would have told us the reference; what opened the charge writes it down.
  const gatewayRef = row.gatewayRef ?? ref;
  if ((await moveCharge(tx, { chargeId, from }, { ...came, gatewayRef })) !== undefined) {
    await tell(tx, checkoutId, paid === undefined ? "payment_authorized" : "payment_received");
    return "signal";
  }
  const now = await findCharge(tx, chargeId);
  // Paid or authorized: the run may not have heard of it yet. Settled: it has.
  if (now?.state === "settled") return "nothing";
  if (now?.state === "paid" || now?.state === "authorized") return "signal";
  // Called off, or being called off by a void that may have stopped on the way: the void is taken up again, and with it
  // whatever of the return is still missing. Both are no-ops where nothing is.
  if (paid !== undefined) await noteLatePayment(tx, chargeId, { paid, ref });
  else await moveCharge(tx, { chargeId, from: ["voided"] }, { state: "voiding" });
  return "return";
};

const UNPAID = ["opening", "open"] as const;

const paidColumns = (paid: Money, ref: string) => ({
  state: "paid" as const,
  paidMinor: paid.minor,
  paidCurrency: paid.currency,
  paidRef: ref,
});
const authorizedColumns = (authorized: Money | undefined) => ({
  state: "authorized" as const,
  authorizedMinor: authorized?.minor ?? 0,
  authorizedCurrency: authorized?.currency ?? "",
});

/** Only an attempt that is open may still be declined; what is said of any other is history. */
const applyUnpaid = async (
  tx: Tx | Db,
  row: ChargeRow,
  { remark, needsAction, isDead }: GatewayReport,
): Promise<Verdict["next"]> => {
  if (row.state !== "open") return "nothing";
  if (remark !== undefined) await tell(tx, row.checkoutId, { what: "payment_declined", detail: remark });
  if (needsAction)
    await tell(tx, row.checkoutId, { what: "payment_action_needed", detail: String(row.attempt + 1) });
  return isDead ? "renew" : "nothing";
};
