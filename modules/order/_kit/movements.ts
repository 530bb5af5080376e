/** Money of lines moved under a key, in one transaction: what a repeat finds is what it answers. */
import type { Db, Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Party } from "./entries.ts";
import type { Move } from "./money.ts";
import {
  type LineMove,
  type LineRow,
  lockOrder,
  type MoneyKind,
  moveMoney,
  movesOf,
  type OrderRow,
} from "../line/rows.ts";

type Movement = {
  readonly key: string;
  readonly kind: MoneyKind;
  readonly orderId: string;
  readonly lineIds: readonly string[];
  /** What moves of a line; undefined where nothing may. Judged while the order is locked. */
  move(line: LineRow): Move | undefined;
  /** What follows from it, the first time. */
  also?(tx: Tx, moved: readonly LineRow[], head: OrderRow): Promise<void>;
};

type Moved = {
  readonly head: OrderRow;
  readonly moves: readonly LineMove[];
  readonly lines: readonly LineRow[];
};

/** The lines are as they were before it moved, of a repeat as they are now. */
export const moveOnce = (db: Db, movement: Movement): Promise<Moved> =>
  inTransaction(db, async (tx) => {
    const { key, kind, orderId, lineIds } = movement;
    const held = await lockOrder(tx, orderId);
    assert(held !== undefined, "orders are never deleted");
    const { head } = held;
    const before = await movesOf(tx, key);
    const of = (moves: readonly LineMove[]) =>
      held.lines.filter((line) => moves.some(({ lineId }) => lineId === line.lineId));
    if (before.length > 0) return { head, moves: before, lines: of(before) };
    const moves = held.lines
      .filter(({ lineId }) => lineIds.includes(lineId))
      .flatMap((line) => {
        const move = movement.move(line);
        return move === undefined ? [] : [{ ...move, lineId: line.lineId }];
      });
    if (await moveMoney(tx, { key, kind, orderId }, moves)) await movement.also?.(tx, of(moves), head);
    return { head, moves, lines: of(moves) };
  });

export const partyOf = ({ orderId, sellerId, currency, sellerCurrency, sellerRate }: OrderRow): Party => ({
  orderId,
  sellerId,
  currency,
  sellerCurrency,
  sellerRate,
});
