import { eq, sql } from "drizzle-orm";
import type { Chargeback } from "@shopnexus/contracts/order/chargeback";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { chargeback } from "#db/order/chargebacks.ts";
import { tender } from "#db/order/payments.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { moveMoney } from "../line/rows.ts";
import { tell } from "../order/rows.ts";
import { countOpen, lockChargeback, potOf, takenOf } from "./rows.ts";
import { capacityOf, movesOfShares, splitOf } from "./rules.ts";

/** One transaction a checkout: either every line gives its share, or none does. */
export const take: Step<typeof Chargeback, "take"> = async ({ chargebackId }, { db }) =>
  inTransaction(db, async (tx) => {
    const held = await lockChargeback(tx, chargebackId);
    // Also what the bank had given in about before we heard of it: it is taken and put back, and nothing is forgotten.
    if (held.row.linesMinor === null) await takeFrom(tx, held);
    return { taken: await takenOf(tx, chargebackId) };
  });

type Held = Awaited<ReturnType<typeof lockChargeback>>;

const takeFrom = async (tx: Tx, { row, orders }: Held): Promise<void> => {
  const { chargebackId, checkoutId, amountMinor } = row;
  const pot = await potOf(tx, row);
  if (pot === undefined || checkoutId === null) return;
  const lines = orders.flatMap((one) => one.lines);
  const capacity = lines.reduce((sum, line) => sum + capacityOf(line), 0);
  const { linesMinor, suspenseMinor, tenderMinor } = splitOf(amountMinor, pot, capacity);
  const moves = movesOfShares(lines, linesMinor);
  const byOrder = Map.groupBy(moves, ({ orderId }) => orderId);
  for (const [orderId, own] of byOrder) {
    const key = { key: chargebackId, kind: "chargeback" as const, orderId };
    await moveMoney(
      tx,
      key,
      own.map(({ orderId: _, ...move }) => move),
    );
  }
  await tx
    .update(tender)
    .set({ chargedBackMinor: sql`${tender.chargedBackMinor} + ${tenderMinor}::bigint` })
    .where(eq(tender.checkoutId, checkoutId));
  const versions = await countOpen(tx, [...byOrder.keys()].toSorted(), 1);
  await tx
    .update(chargeback)
    .set({ linesMinor, suspenseMinor, tenderMinor, taken: { versions } })
    .where(eq(chargeback.chargebackId, chargebackId));
  await tell(tx, checkoutId, { what: "chargeback_opened", detail: row.disputeRef });
};
