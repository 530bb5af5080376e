import type { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { listPurchases } from "./rows.ts";
import { cursorIn } from "./rules.ts";

export const list: Step<typeof Purchase, "list"> = async ({ after, limit = PAGE_LIMIT }, { db, who }) => {
  const ask = { sellerId: accountOf(who).accountId, after: cursorIn(after), limit: limit + 1 };
  return cutPage(await listPurchases(db.$client, ask), limit, ({ purchaseId }) => purchaseId);
};
