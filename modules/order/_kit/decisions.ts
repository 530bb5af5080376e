/** What somebody decides about lines of an order: all-or-none, in one transaction with everything that follows from it. */
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Line, LineRefusals, type Standing } from "@shopnexus/contracts/order/line";
import type { Db, Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { assert } from "#modules/_kit/assert.ts";
import {
  type Change,
  countChange,
  type LineRow,
  lockOrder,
  moveLines,
  type OrderRow,
  standingOf,
} from "../line/rows.ts";
import { itemsOf, reached, versionOf } from "../line/rules.ts";
import { type LineEvent, next } from "./states.ts";
import { tell } from "../order/rows.ts";
import type { TimelineFact } from "../order/rules.ts";

type Whose = In<typeof Line, "cancel">;

export type Decision = {
  readonly by: "buyerId" | "sellerId";
  readonly event: LineEvent;
  readonly fact: TimelineFact;
  readonly change?: Change;
  /** Lines that it happened to before. */
  did(line: LineRow): boolean;
  /** Narrows what the table of states allows. */
  may?(line: LineRow): boolean;
  /** What stands against it, though the lines would allow it. */
  guard?(head: OrderRow): void;
  /** What else follows from it. */
  also?(tx: Tx, head: OrderRow, moved: readonly LineRow[]): Promise<void>;
};

/** Decides, once: whoever waits for the lock sees what was decided before. Somebody else's order is as unknown as none. */
export const decide = (
  db: Db,
  { orderId, accountId, lineIds }: Whose,
  decision: Decision,
): Promise<Standing> =>
  inTransaction(db, async (tx) => {
    const held = await lockOrder(tx, orderId);
    if (held === undefined || held.head[decision.by] !== accountId)
      throw refuse(LineRefusals.LINE_UNKNOWN, {});
    const { able, known } = reached(held.lines, lineIds, {
      may: (line) => next(line.state, decision.event) !== undefined && (decision.may?.(line) ?? true),
      did: (line) => decision.did(line),
    });
    if (able.length === 0) return standingOf(versionOf(known), [], held.lines);
    decision.guard?.(held.head);
    const moved = await moveLines(tx, able, { event: decision.event, ...decision.change });
    assert(moved.length === able.length, "the order is locked, so the lines are as they were read");
    await decision.also?.(tx, held.head, able);
    const detail = itemsOf(able, held.lines);
    await tell(tx, held.head.checkoutId, { what: decision.fact, detail, orderId });
    const { before, lines } = await countChange(tx, orderId);
    return standingOf(before, moved, lines);
  });
