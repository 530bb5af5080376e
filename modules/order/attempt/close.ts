import { and, eq, isNull, ne, sql } from "drizzle-orm";
import type { Attempt } from "@shopnexus/contracts/order/attempt";
import { inTransaction } from "#db/_kit/transaction.ts";
import { checkout } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { tell } from "../order/rows.ts";

export const close: Step<typeof Attempt, "close"> = async ({ checkoutId, refused }, { db }) => {
  await inTransaction(db, async (tx) => {
    const [closed] = await tx
      .update(checkout)
      .set({
        refused,
        state: sql`case when ${checkout.state} = 'claimed' then 'refused' else ${checkout.state} end`,
        endedAt: sql`coalesce(${checkout.endedAt}, now())`,
      })
      .where(and(eq(checkout.checkoutId, checkoutId), isNull(checkout.refused), ne(checkout.state, "placed")))
      .returning({ state: checkout.state });
    if (closed !== undefined) await tell(tx, checkoutId, { what: "checkout_closed", detail: refused.code });
  });
  return {};
};
