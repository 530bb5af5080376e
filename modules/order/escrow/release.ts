import type { Escrow } from "@shopnexus/contracts/order/escrow";
import type { Tx } from "#db/_kit/database.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { nowOf } from "../_kit/claims.ts";
import { isPayable } from "../_kit/fates.ts";
import { moveOnce, partyOf } from "../_kit/movements.ts";
import { release as shareOf } from "../_kit/money.ts";
import { countChange, type LineRow, moveLines, type OrderRow } from "../line/rows.ts";
import { itemsOf } from "../line/rules.ts";
import { tell } from "../order/rows.ts";

/** Time only goes on, so what the window is over for before the order is locked, it is over for then. */
export const release: Step<typeof Escrow, "release"> = async (movement, { db }) => {
  const now = await nowOf(db);
  const { head, moves, lines } = await moveOnce(db, {
    ...movement,
    kind: "release",
    move: (line) => (isPayable(line) && isOver(line, now) ? shareOf(line) : undefined),
    also: (tx, moved, order) => fulfil(tx, order, moved),
  });
  return {
    party: partyOf(head),
    grossMinor: moves.reduce((sum, { releasedMinor }) => sum + releasedMinor, 0),
    commissionMinor: moves.reduce((sum, { commissionMinor }) => sum + commissionMinor, 0),
    subsidizedMinor: moves.reduce((sum, { subsidizedMinor }) => sum + subsidizedMinor, 0),
    borneMinor: moves.reduce((sum, { borneMinor }) => sum + borneMinor, 0),
    cashback: {
      buyerId: head.buyerId,
      minor: moves.reduce((sum, { rewardedMinor }) => sum + rewardedMinor, 0),
    },
    lineIds: lines.map(({ lineId }) => lineId),
  };
};

const isOver = ({ state, dueAt }: LineRow, now: Date): boolean =>
  state !== "delivered" || dueAt === null || dueAt <= now;

const fulfil = async (tx: Tx, head: OrderRow, lines: readonly LineRow[]): Promise<void> => {
  const { orderId, checkoutId } = head;
  await moveLines(
    tx,
    lines.filter(({ state }) => state === "delivered"),
    "fulfil",
  );
  const { lines: all } = await countChange(tx, orderId);
  await tell(tx, checkoutId, { what: "seller_paid", detail: itemsOf(lines, all), orderId });
};
