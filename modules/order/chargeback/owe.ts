import { desc, eq, sql } from "drizzle-orm";
import type { Chargeback } from "@shopnexus/contracts/order/chargeback";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { chargeback } from "#db/order/chargebacks.ts";
import { giveBack, tender } from "#db/order/payments.ts";
import type { Step } from "#modules/_kit/handler.ts";
import type { ChargebackRow } from "./rows.ts";
import { owedBeyond } from "./rules.ts";

/** Gateways refuse refunds of a payment that a bank has taken a part of, for good: then the buyer's wallet has to do. */
export const owe: Step<typeof Chargeback, "owe"> = async ({ key }, { db }) =>
  inTransaction(db, async (tx) => {
    const [refund] = await tx.select().from(giveBack).where(eq(giveBack.key, key));
    if (refund?.state !== "left_to_bank") return { owedMinor: 0 };
    const { checkoutId } = refund;
    await tx.select().from(tender).where(eq(tender.checkoutId, checkoutId)).for("update");
    const banks = await tx
      .select()
      .from(chargeback)
      .where(eq(chargeback.checkoutId, checkoutId))
      .orderBy(desc(chargeback.openedAt), desc(chargeback.chargebackId));
    const before = banks.map(({ ending }) => ending?.owed?.[key]).find((minor) => minor !== undefined);
    if (before !== undefined) return { owedMinor: before };
    const last = banks.find(({ status, ending }) => status === "lost" && ending !== null);
    // What is not over yet counts this refund itself, when it is.
    const isWaiting = banks.some(({ status, ending }) => status === "open" || ending === null);
    if (last === undefined || isWaiting) return { owedMinor: 0 };
    const beyond = owedBeyond(await leftToBanks(tx, checkoutId), banks);
    const owedMinor = Math.min(refund.gatewayMinor, beyond);
    await note(tx, last, { key, owedMinor });
    return { owedMinor };
  });

const leftToBanks = async (tx: Tx, checkoutId: string): Promise<number> => {
  const [left] = await tx
    .select({ minor: sql<string>`coalesce(sum(${giveBack.gatewayMinor}), 0)` })
    .from(giveBack)
    .where(sql`${giveBack.checkoutId} = ${checkoutId} and ${giveBack.state} = 'left_to_bank'`);
  return Number(left?.minor ?? 0);
};

const note = async (
  tx: Tx,
  { chargebackId, ending }: ChargebackRow,
  { key, owedMinor }: { key: string; owedMinor: number },
): Promise<void> => {
  const noted = ending && { ...ending, owed: { ...ending.owed, [key]: owedMinor } };
  await tx
    .update(chargeback)
    .set({ ending: noted, owedMinor: sql`${chargeback.owedMinor} + ${owedMinor}::bigint` })
    .where(eq(chargeback.chargebackId, chargebackId));
};
