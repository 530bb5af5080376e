import { eq } from "drizzle-orm";
import type { Duties, DutyKind } from "@shopnexus/contracts/order/duties";
import { once } from "#db/_kit/once.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { dutyNote } from "#db/order/line-money.ts";
import { order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { tell } from "../order/rows.ts";
import type { TimelineFact } from "../order/rules.ts";

/** What people read of it; the others show elsewhere. */
const FACTS: Partial<Record<DutyKind, TimelineFact>> = {
  remind_first: "seller_reminded",
  remind_last: "seller_reminded",
  escalate_handover: "handover_late",
  escalate_transit: "transit_late",
};

export const note: Step<typeof Duties, "note"> = async ({ orderId, key, kind, until }, { db }) => {
  await inTransaction(db, async (tx) => {
    if (!(await once(tx, dutyNote, { orderId, key }))) return;
    const what = FACTS[kind];
    if (what === undefined) return;
    const [head] = await tx
      .select({ checkoutId: order.checkoutId })
      .from(order)
      .where(eq(order.orderId, orderId));
    assert(head !== undefined, "orders are never deleted");
    const detail = kind.startsWith("remind") ? `${kind}, until ${until}` : `due ${until}`;
    await tell(tx, head.checkoutId, { what, detail, orderId });
  });
  return {};
};
