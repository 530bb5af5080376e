import { and, eq, sql } from "drizzle-orm";
import { money } from "@shopnexus/contracts/kit/money";
import type { Claim } from "@shopnexus/contracts/order/claim";
import type { ClaimPayment } from "@shopnexus/contracts/order/complaint";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { claimLine } from "#db/order/claims.ts";
import { checkoutLine } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { happen, type Held, lockClaim } from "../_kit/claims.ts";
import { totalsOf } from "../_kit/entries.ts";
import { giveBack, returnable } from "../_kit/money.ts";
import { type LineMove, moveMoney, movesOf } from "../line/rows.ts";

/** The decision, the amounts and the movements are one transaction: from here on the buyer will have the money. */
export const pay: Step<typeof Claim, "pay"> = async ({ refundId }, { db, settings, callKey }) =>
  inTransaction(db, async (tx) => {
    const held = await lockClaim(tx, refundId);
    assert(held !== undefined, "the run of a claim comes after its record");
    if (held.claim.state === "accepted") {
      const paidMinor = await takeOut(tx, held);
      await happen(tx, held, {
        event: "pay",
        role: "shop",
        callKey,
        deadlines: settings.deadlines,
        set: { paidMinor },
      });
    }
    return paymentOf(tx, refundId);
  });

/** As much as was accepted, or what a bank that was faster has left of it. */
const takeOut = async (tx: Tx, { claim, asked, lines }: Held): Promise<number> => {
  const moves: LineMove[] = [];
  for (const { lineId, askedMinor, awardedMinor, pieces } of asked) {
    const line = lines.find((one) => one.lineId === lineId);
    assert(line !== undefined, "a claim asks for lines of its order");
    const move = giveBack(line, Math.min(awardedMinor ?? askedMinor, returnable(line)));
    if (move.returnedMinor > 0) moves.push({ ...move, lineId });
    await tx
      .update(claimLine)
      .set({ paidMinor: move.returnedMinor })
      .where(and(eq(claimLine.refundId, claim.refundId), eq(claimLine.lineId, lineId)));
    if (claim.isSellable === true) await takeBack(tx, lineId, pieces);
  }
  await moveMoney(tx, { key: claim.refundId, kind: "return", orderId: claim.orderId }, moves);
  return moves.reduce((sum, { returnedMinor }) => sum + returnedMinor, 0);
};

/** The CHECK of the line says whether there were that many. */
const takeBack = async (tx: Tx, lineId: string, pieces: number): Promise<void> => {
  await tx
    .update(checkoutLine)
    .set({ piecesBack: sql`${checkoutLine.piecesBack} + ${pieces}` })
    .where(eq(checkoutLine.lineId, lineId));
};

/** Read off the rows, so that every repeat answers the same. */
const paymentOf = async (tx: Tx, refundId: string): Promise<ClaimPayment> => {
  const held = await lockClaim(tx, refundId);
  assert(held !== undefined && held.claim.paidMinor !== null, "it was paid just now, or before");
  const { claim, asked, order, lines } = held;
  const back = claim.isSellable === true ? asked : [];
  const lineOf = (lineId: string) => lines.find((line) => line.lineId === lineId);
  return {
    checkoutId: claim.checkoutId,
    amount: money(claim.paidMinor ?? 0, claim.currency),
    seller: { accountId: claim.sellerId, currency: order.sellerCurrency, rate: order.sellerRate },
    totals: totalsOf(await movesOf(tx, refundId)),
    goods: back.map(({ lineId, pieces }) => ({ lineId, skuId: lineOf(lineId)?.skuId ?? "", pieces })),
    wholeLineIds: back
      .map(({ lineId }) => lineId)
      .filter((lineId) => lineOf(lineId)?.piecesBack === lineOf(lineId)?.pieces),
  };
};
