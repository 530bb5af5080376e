import { eq } from "drizzle-orm";
import type { Claim } from "@shopnexus/contracts/order/claim";
import { claim } from "#db/order/claims.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { claimPage } from "./rows.ts";

export const listSales: Step<typeof Claim, "listSales"> = async (asked, { db, who }) =>
  claimPage(db, eq(claim.sellerId, accountOf(who).accountId), asked);
