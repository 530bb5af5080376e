import type { Commission } from "@shopnexus/contracts/order/commission";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import type { Step } from "#modules/_kit/handler.ts";
import { selectHolding } from "./rows.ts";
import { toRule } from "./rules.ts";

/** The cursor is the last scope. */
export const list: Step<typeof Commission, "list"> = async ({ after, limit = PAGE_LIMIT }, { db }) => {
  const rows = await selectHolding(db, { ...(after !== undefined && { after }), limit: limit + 1 });
  const { items, ...rest } = cutPage(rows, limit, ({ scope }) => scope);
  return { items: items.map(toRule), ...rest };
};
