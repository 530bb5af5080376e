import { and, eq, inArray, ne, sql } from "drizzle-orm";
import type { Chargeback } from "@shopnexus/contracts/order/chargeback";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { chargeback, type ChargebackEnding } from "#db/order/chargebacks.ts";
import { checkoutLine } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { type LineRow, moveLines, movesOf } from "../line/rows.ts";
import { tell } from "../order/rows.ts";
import { countOpen, endChargeback, findChargeback, lockChargeback, potOf } from "./rows.ts";
import { capacityOf } from "./rules.ts";

export const lose: Step<typeof Chargeback, "lose"> = async ({ chargebackId }, { db }) =>
  inTransaction(db, async (tx) => {
    const held = await lockChargeback(tx, chargebackId);
    assert(held.row.status === "lost", "only what the bank keeps is lost");
    const ending = held.row.ending ?? (await giveUp(tx, held));
    const { owedMinor } = await findChargeback(tx, chargebackId);
    const orders = Object.entries(ending.versions).map(([orderId, before]) => ({
      orderId,
      before,
      goods: ending.goods
        .filter((good) => good.orderId === orderId)
        .map(({ lineId, skuId, pieces }) => ({ lineId, skuId, pieces })),
    }));
    return { orders, owedMinor };
  });

type Held = Awaited<ReturnType<typeof lockChargeback>>;

const giveUp = async (tx: Tx, { row, orders }: Held): Promise<ChargebackEnding> => {
  const { chargebackId, checkoutId } = row;
  const moved = new Set((await movesOf(tx, chargebackId)).map(({ lineId }) => lineId));
  const lines = orders.flatMap((one) => one.lines).filter(({ lineId }) => moved.has(lineId));
  const gone = lines.filter((line) => capacityOf(line) === 0);
  await moveLines(tx, gone, { event: "charge_back", reason: "chargeback_lost" });
  const goods = await unsellable(tx, gone);
  const orderIds = [...new Set(lines.map(({ orderId }) => orderId ?? ""))].toSorted();
  const versions = await countOpen(tx, orderIds, -1);
  const ending = { versions, goods, refunds: [] };
  await endChargeback(tx, chargebackId, { ending, owedMinor: await owedOf(tx, chargebackId) });
  if (checkoutId !== null && row.linesMinor !== null)
    await tell(tx, checkoutId, { what: "chargeback_lost", detail: row.disputeRef });
  return ending;
};

const UNSENT: ReadonlySet<LineRow["state"]> = new Set(["paid", "backordered", "confirmed"]);

/** Goods that were never sent are not sold any more. */
const unsellable = async (tx: Tx, gone: readonly LineRow[]): Promise<ChargebackEnding["goods"]> => {
  const unsent = gone.filter(({ state, pieces, piecesBack }) => UNSENT.has(state) && piecesBack < pieces);
  if (unsent.length === 0) return [];
  await tx
    .update(checkoutLine)
    .set({ piecesBack: sql`${checkoutLine.pieces}` })
    .where(
      inArray(
        checkoutLine.lineId,
        unsent.map(({ lineId }) => lineId),
      ),
    );
  return unsent.map(({ orderId, lineId, skuId, pieces, piecesBack }) => ({
    orderId: orderId ?? "",
    lineId,
    skuId,
    pieces: pieces - piecesBack,
  }));
};

/** Refunds were left to banks, and the banks took less: the rest is the buyer's, unless another bank may still take it. */
const owedOf = async (tx: Tx, chargebackId: string): Promise<number> => {
  const row = await findChargeback(tx, chargebackId);
  const pot = await potOf(tx, row);
  if (pot === undefined || row.checkoutId === null) return 0;
  const others = await tx
    .select({ status: chargeback.status, owedMinor: chargeback.owedMinor })
    .from(chargeback)
    .where(and(eq(chargeback.checkoutId, row.checkoutId), ne(chargeback.chargebackId, chargebackId)));
  if (others.some(({ status }) => status === "open")) return 0;
  const paid = others.reduce((sum, { owedMinor }) => sum + owedMinor, 0);
  return Math.max(0, pot.leftToBankMinor - pot.earlierSuspenseMinor - (row.suspenseMinor ?? 0) - paid);
};
