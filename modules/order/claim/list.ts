import { eq } from "drizzle-orm";
import type { Claim } from "@shopnexus/contracts/order/claim";
import { claim } from "#db/order/claims.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { claimPage } from "./rows.ts";

export const list: Step<typeof Claim, "list"> = async (asked, { db, who }) =>
  claimPage(db, eq(claim.buyerId, accountOf(who).accountId), asked);
