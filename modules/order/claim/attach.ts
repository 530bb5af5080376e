import { eq } from "drizzle-orm";
import type { Claim } from "@shopnexus/contracts/order/claim";
import { claim } from "#db/order/claims.ts";
import type { Step } from "#modules/_kit/handler.ts";

/** The id follows from the claim's, so there is nothing that a repeat could change. */
export const attach: Step<typeof Claim, "attach"> = async ({ refundId, shipmentId }, { db }) => {
  await db.update(claim).set({ shipmentId }).where(eq(claim.refundId, refundId));
  return {};
};
