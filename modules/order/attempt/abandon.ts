import { and, eq, inArray, sql } from "drizzle-orm";
import type { Attempt } from "@shopnexus/contracts/order/attempt";
import { checkout } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";

export const abandon: Step<typeof Attempt, "abandon"> = async ({ checkoutId }, { db }) => {
  await db
    .update(checkout)
    .set({ state: "abandoned", endedAt: sql`now()` })
    .where(
      and(eq(checkout.checkoutId, checkoutId), inArray(checkout.state, ["claimed", "awaiting_payment"])),
    );
  return {};
};
