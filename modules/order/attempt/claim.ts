import { eq } from "drizzle-orm";
import { type Attempt, AttemptRefusals } from "@shopnexus/contracts/order/attempt";
import { instant } from "@shopnexus/contracts/kit/time";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { checkout } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";

export const claim: Step<typeof Attempt, "claim"> = async (input, { db }) => {
  const { checkoutId } = input;
  const [made] = await db.insert(checkout).values(input).onConflictDoNothing().returning();
  const [row] =
    made === undefined ? await db.select().from(checkout).where(eq(checkout.checkoutId, checkoutId)) : [made];
  assert(
    row !== undefined,
    "checkoutId follows from account and attempt, so what conflicts is this very row",
  );
  if (row.basketHash !== input.basketHash) throw refuse(AttemptRefusals.ATTEMPT_REUSED, {});
  return { state: row.state, claimedAt: instant(row.claimedAt.getTime()) };
};
