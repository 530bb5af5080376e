import { inArray, sql } from "drizzle-orm";
import type { Escrow } from "@shopnexus/contracts/order/escrow";
import type { Tx } from "#db/_kit/database.ts";
import { checkoutLine } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { isOwed, piecesToSell } from "../_kit/fates.ts";
import { moveOnce, partyOf } from "../_kit/movements.ts";
import { totalsOf } from "../_kit/entries.ts";
import { giveBack } from "../_kit/money.ts";
import type { LineRow } from "../line/rows.ts";

export const withdraw: Step<typeof Escrow, "withdraw"> = async (movement, { db }) => {
  const { head, moves, lines } = await moveOnce(db, {
    ...movement,
    kind: "return",
    move: (line) => (isOwed(line) ? wholeOf(line) : undefined),
    also: markBack,
  });
  return {
    checkoutId: head.checkoutId,
    party: partyOf(head),
    totals: totalsOf(moves),
    lineIds: lines.map(({ lineId }) => lineId),
    unsold: lines.filter(isToSell).map(({ lineId, skuId, pieces }) => ({ lineId, skuId, pieces })),
  };
};

/** All pieces, also of a repeat, which finds them marked; whoever takes the sale back does it once a line. */
const isToSell = ({ reason }: LineRow): boolean => reason !== "parcel_lost";

/** What nobody will get anything for goes back as a whole, what was spent on carriage included. */
const wholeOf = (line: LineRow) => {
  const owedMinor = line.paidMinor - line.returnedMinor;
  const move = giveBack(line, owedMinor, true);
  assert(
    move.returnedMinor === owedMinor,
    "a line that came to nothing still holds all that was paid for it",
  );
  return move;
};

/** They can be sold again, except those of a lost parcel. */
const markBack = async (tx: Tx, lines: readonly LineRow[]): Promise<void> => {
  const ids = lines.filter((line) => piecesToSell(line) > 0).map(({ lineId }) => lineId);
  if (ids.length === 0) return;
  await tx
    .update(checkoutLine)
    .set({ piecesBack: sql`${checkoutLine.pieces}` })
    .where(inArray(checkoutLine.lineId, ids));
};
