import { and, eq, sql } from "drizzle-orm";
import type { Line, LineReason } from "@shopnexus/contracts/order/line";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { parcel } from "#db/order/shipments.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { nowOf } from "../_kit/claims.ts";
import { fateOf } from "../_kit/fates.ts";
import { forwardShipment, shipmentsOf } from "../_kit/parcels.ts";
import { tell } from "../order/rows.ts";
import type { TimelineFact } from "../order/rules.ts";
import { countChange, type LineRow, lockOrder, moveLines, standingOf } from "./rows.ts";
import { itemsOf, versionOf } from "./rules.ts";

const FACTS: Partial<Record<LineReason, TimelineFact>> = {
  seller_silent: "lines_expired",
  stock_never_came: "stock_never_came",
  carrier_silent: "handover_expired",
  parcel_lost: "parcel_lost",
  parcel_returned: "parcel_returned",
};

export const expire: Step<typeof Line, "expire"> = async ({ orderId, lineIds }, { db, settings }) =>
  inTransaction(db, async (tx) => {
    const held = await lockOrder(tx, orderId);
    assert(held !== undefined, "orders are never deleted");
    const clock = {
      now: await nowOf(tx),
      deadlines: settings.deadlines,
      shipments: await shipmentsOf(tx, orderId),
    };
    const named = held.lines.filter(({ lineId }) => lineIds.includes(lineId));
    const fated = named.flatMap((line) => {
      const fate = fateOf(line, clock);
      return fate === undefined ? [] : [{ line, ...fate }];
    });
    if (fated.length === 0) return standingOf(versionOf(named), [], held.lines);
    const moved: string[] = [];
    for (const [reason, own] of Map.groupBy(fated, (one) => one.reason)) {
      const lines = own.map(({ line }) => line);
      moved.push(...(await moveLines(tx, lines, { event: own[0]?.event ?? "expire", reason })));
      const what = FACTS[reason];
      assert(what !== undefined, "every fate is told");
      await tell(tx, held.head.checkoutId, { what, detail: itemsOf(lines, held.lines), orderId });
    }
    await endParcels(
      tx,
      orderId,
      fated.map(({ line }) => line),
    );
    const { before, lines } = await countChange(tx, orderId);
    return standingOf(before, moved, lines);
  });

/** Parcels with nothing left in them are not sent; what was silent for too long counts as lost. */
const endParcels = async (tx: Tx, orderId: string, lines: readonly LineRow[]): Promise<void> => {
  await tx
    .update(parcel)
    .set({ state: "over", tryAt: null, changedAt: sql`now()` })
    .where(
      and(
        eq(parcel.orderId, orderId),
        eq(parcel.state, "waiting"),
        sql`not exists (select from "order"."checkout_line" own where own.state = 'confirmed'
          and own.order_id = parcel.order_id and parcel.line_ids ? own.line_id)`,
      ),
    );
  const silent = lines.flatMap(({ state, shipmentId }) => (state === "shipped" ? (shipmentId ?? []) : []));
  for (const shipmentId of new Set(silent)) await forwardShipment(tx, { shipmentId, state: "lost" });
};
