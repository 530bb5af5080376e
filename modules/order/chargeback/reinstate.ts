import { and, asc, eq, sql } from "drizzle-orm";
import type { Chargeback } from "@shopnexus/contracts/order/chargeback";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { ChargebackEnding } from "#db/order/chargebacks.ts";
import { giveBack, tender } from "#db/order/payments.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { reverse } from "../_kit/money.ts";
import { moveMoney, movesOf } from "../line/rows.ts";
import { tell } from "../order/rows.ts";
import { type ChargebackRow, countOpen, endChargeback, lockChargeback, takenOf } from "./rows.ts";

export const reinstate: Step<typeof Chargeback, "reinstate"> = async ({ chargebackId }, { db }) =>
  inTransaction(db, async (tx) => {
    const { row } = await lockChargeback(tx, chargebackId);
    assert(row.status === "won", "only what the bank has given up goes back");
    const ending = row.ending ?? (await putBack(tx, row));
    const taken = await takenOf(tx, chargebackId);
    const shares = taken?.shares.map((share) => ({ ...share, before: ending.versions[share.orderId] ?? 0 }));
    return {
      taken: taken === null ? null : { ...taken, shares: shares ?? [] },
      refunds: ending.refunds.map((refund) => ({
        ...refund,
        checkoutId: row.checkoutId ?? "",
        gateway: row.gateway,
        currency: row.currency,
      })),
    };
  });

/** Each movement the other way round, under a key of its own. */
const putBack = async (tx: Tx, row: ChargebackRow): Promise<ChargebackEnding> => {
  const { chargebackId, checkoutId, tenderMinor } = row;
  const moves = await movesOf(tx, chargebackId);
  const byOrder = Map.groupBy(moves, ({ orderId }) => orderId);
  for (const [orderId, own] of byOrder) {
    const key = { key: `${chargebackId}/reinstate`, kind: "reinstate" as const, orderId };
    await moveMoney(
      tx,
      key,
      own.map((move) => ({ ...reverse(move), lineId: move.lineId })),
    );
  }
  const refunds = checkoutId === null ? [] : await makeRoom(tx, checkoutId, tenderMinor ?? 0);
  const versions = await countOpen(tx, [...byOrder.keys()].toSorted(), -1);
  const ending = { versions, goods: [], refunds };
  await endChargeback(tx, chargebackId, { ending, owedMinor: 0 });
  if (checkoutId !== null && row.linesMinor !== null)
    await tell(tx, checkoutId, { what: "chargeback_won", detail: row.disputeRef });
  return ending;
};

/** The tender has the money again; refunds that were left to the bank are promised again, as far as there is room. */
const makeRoom = async (
  tx: Tx,
  checkoutId: string,
  tenderMinor: number,
): Promise<ChargebackEnding["refunds"]> => {
  await tx
    .update(tender)
    .set({ chargedBackMinor: sql`${tender.chargedBackMinor} - ${tenderMinor}::bigint` })
    .where(eq(tender.checkoutId, checkoutId));
  const left = await tx
    .select()
    .from(giveBack)
    .where(and(eq(giveBack.checkoutId, checkoutId), eq(giveBack.state, "left_to_bank")))
    .orderBy(asc(giveBack.promisedAt), asc(giveBack.key))
    .for("update");
  const refunds: Array<ChargebackEnding["refunds"][number]> = [];
  for (const { key, orderId, gatewayMinor, walletMinor } of left) {
    const [fits] = await tx
      .update(tender)
      .set({ gatewayReturnedMinor: sql`${tender.gatewayReturnedMinor} + ${gatewayMinor}::bigint` })
      .where(
        and(
          eq(tender.checkoutId, checkoutId),
          sql`${tender.gatewayReturnedMinor} + ${tender.chargedBackMinor} + ${gatewayMinor}::bigint <= ${tender.gatewayMinor}`,
        ),
      )
      .returning({ checkoutId: tender.checkoutId });
    if (fits === undefined) continue;
    await tx
      .update(giveBack)
      .set({ state: "promised", attempts: sql`${giveBack.attempts} + 1`, promisedAt: sql`now()` })
      .where(eq(giveBack.key, key));
    refunds.push({ key, orderId, minor: gatewayMinor + walletMinor, gatewayMinor });
  }
  return refunds;
};
