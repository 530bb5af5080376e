import type { Line } from "@shopnexus/contracts/order/line";
import { inTransaction } from "#db/_kit/transaction.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { tell } from "../order/rows.ts";
import { after, countChange, lockOrder, moveLines, standingOf } from "./rows.ts";
import { itemsOf, versionOf } from "./rules.ts";

export const arrive: Step<typeof Line, "arrive"> = async ({ orderId, lineIds }, { db, settings }) =>
  inTransaction(db, async (tx) => {
    const held = await lockOrder(tx, orderId);
    assert(held !== undefined, "only lines of placed orders wait for stock");
    const named = held.lines.filter(({ lineId }) => lineIds.includes(lineId));
    const come = named.filter(({ state }) => state === "backordered");
    if (come.length === 0) return standingOf(versionOf(named), [], held.lines);
    const moved = await moveLines(tx, come, { event: "arrive", dueAt: after(settings.deadlines.confirmMs) });
    const detail = itemsOf(come, held.lines);
    await tell(tx, held.head.checkoutId, { what: "stock_came", detail, orderId });
    const { before, lines } = await countChange(tx, orderId);
    return standingOf(before, moved, lines);
  });
