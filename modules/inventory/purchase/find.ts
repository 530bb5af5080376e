import type { Purchase } from "@shopnexus/contracts/inventory/purchase";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findPurchase } from "./rows.ts";

export const find: Step<typeof Purchase, "find"> = ({ purchaseId }, { db, who }) =>
  findPurchase(db.$client, { purchaseId, sellerId: accountOf(who).accountId });
