import { and, eq, sql } from "drizzle-orm";
import { instant } from "@shopnexus/contracts/kit/time";
import type { ParcelTrouble } from "@shopnexus/contracts/order/carriage";
import type { Packing } from "@shopnexus/contracts/order/packing";
import { inTransaction } from "#db/_kit/transaction.ts";
import { parcel } from "#db/order/shipments.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { nowOf } from "../_kit/claims.ts";
import { after, lockOrder } from "../line/rows.ts";
import { tell } from "../order/rows.ts";
import type { TimelineFact } from "../order/rules.ts";
import { retryMs } from "./rules.ts";

const FACTS: Readonly<Record<ParcelTrouble, TimelineFact>> = {
  carrier_down: "carrier_down",
  carrier_refused: "carrier_refused",
  serials_short: "serials_short",
  disputed: "parcel_disputed",
  undone: "parcel_undone",
};

export const postpone: Step<typeof Packing, "postpone"> = async (input, { db, settings }) => {
  const { parcelId, choice, tries, trouble, reason } = input;
  const waitMs = trouble === "undone" ? null : retryMs(settings.deadlines.bookRetryMs, tries);
  return inTransaction(db, async (tx) => {
    const [row] = await tx.select().from(parcel).where(eq(parcel.parcelId, parcelId)).for("update");
    assert(row !== undefined, "parcels are never deleted");
    // Another carrier was chosen meanwhile: the trouble is not the new one's, and need not be waited for.
    if (row.choice !== choice || row.state !== "waiting") return { waitMs: 0, isNew: false };
    if (row.tries !== tries) return { waitMs, isNew: tries === 0 };
    const held = await lockOrder(tx, row.orderId);
    assert(held !== undefined, "a parcel is of an order");
    const own = held.lines.filter(({ lineId }) => row.lineIds.includes(lineId));
    const isOver = trouble === "undone" && own.every(({ state }) => state !== "confirmed");
    await tx
      .update(parcel)
      .set({
        trouble,
        tries: tries + 1,
        tryAt: waitMs === null ? null : after(waitMs),
        ...(isOver && { state: "over" as const }),
        changedAt: sql`now()`,
      })
      .where(and(eq(parcel.parcelId, parcelId), eq(parcel.tries, tries)));
    const isNew = row.trouble !== trouble && !isOver;
    if (isNew) {
      const since = instant((await nowOf(tx)).getTime());
      const detail = `${[`${row.carrier} ${row.service}`, reason].filter((part) => part !== "").join(": ")}, ${since}`;
      await tell(tx, held.head.checkoutId, { what: FACTS[trouble], detail, orderId: row.orderId });
    }
    return { waitMs, isNew };
  });
};
