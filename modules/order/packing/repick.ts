import { and, eq, sql } from "drizzle-orm";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { LineRefusals } from "@shopnexus/contracts/order/line";
import { type Packing, PackingRefusals } from "@shopnexus/contracts/order/packing";
import { inTransaction } from "#db/_kit/transaction.ts";
import { parcel } from "#db/order/shipments.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { parcelsOf, parcelView } from "../_kit/parcels.ts";
import { lockOrder } from "../line/rows.ts";
import { tell } from "../order/rows.ts";

export const repick: Step<typeof Packing, "repick"> = async ({ orderId, accountId, ...choice }, { db }) =>
  inTransaction(db, async (tx) => {
    const held = await lockOrder(tx, orderId);
    if (held?.head.sellerId !== accountId) throw refuse(LineRefusals.LINE_UNKNOWN, {});
    const before = await parcelsOf(tx, orderId);
    const waiting = before.filter(({ state, trouble }) => state === "waiting" && trouble !== "undone");
    if (waiting.length === 0) throw refuse(PackingRefusals.NOTHING_WAITS, {});
    const others = waiting.filter(
      ({ carrier, service }) => carrier !== choice.carrier || service !== choice.service,
    );
    for (const { parcelId, choice: number } of others) {
      await tx
        .update(parcel)
        .set({
          ...choice,
          choice: number + 1,
          trouble: null,
          tries: 0,
          tryAt: sql`now()`,
          changedAt: sql`now()`,
        })
        .where(and(eq(parcel.parcelId, parcelId), eq(parcel.choice, number)));
      const detail = `${choice.carrier} ${choice.service}, choice ${number + 1} of ${parcelId}`;
      await tell(tx, held.head.checkoutId, { what: "carrier_changed", detail, orderId });
    }
    // A repeat says again what the first one may not have said.
    const changed = waiting.map((row) => ({
      parcelId: row.parcelId,
      choice: others.includes(row) ? row.choice : row.choice - 1,
    }));
    return { parcels: (await parcelsOf(tx, orderId)).map(parcelView), changed };
  });
