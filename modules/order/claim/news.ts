import { eq } from "drizzle-orm";
import type { Claim } from "@shopnexus/contracts/order/claim";
import { OWN_CARRIER } from "@shopnexus/contracts/order/carriage";
import { order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { nowOf } from "../_kit/claims.ts";
import { claimViews, eventsOf, findClaim, happeningOf } from "./rows.ts";

export const news: Step<typeof Claim, "news"> = async ({ refundId, since }, { db }) =>
  db.transaction(
    async (tx) => {
      const row = await findClaim(tx, refundId);
      const [claim] = row === undefined ? [] : await claimViews(tx, [row]);
      assert(row !== undefined && claim !== undefined, "the run of a claim comes after its record");
      const now = await nowOf(tx);
      const [head] = await tx.select().from(order).where(eq(order.orderId, row.orderId));
      const events = await eventsOf(tx, refundId, since);
      return {
        claim,
        version: row.version,
        checkoutId: row.checkoutId,
        carriage: carriageOf(head),
        happened: events.map((event) => ({ ...happeningOf(event), orderVersion: event.orderVersion })),
        waitMs: row.dueAt && Math.max(0, row.dueAt.getTime() - now.getTime()),
      };
    },
    // One moment: the version, the events up to it, and how long it may be waited for.
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );

const carriageOf = (head: typeof order.$inferSelect | undefined) => {
  const { carrier = null, service = null } = head ?? {};
  const isOurs = carrier !== null && service !== null && carrier !== OWN_CARRIER.carrier;
  return isOurs ? { carrier, service } : null;
};
