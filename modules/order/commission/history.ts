import { and, desc, eq, lt } from "drizzle-orm";
import type { Commission } from "@shopnexus/contracts/order/commission";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import { commissionRule } from "#db/order/payouts.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { scopeText, toRule } from "./rules.ts";

/** The cursor is the last version; what is none gives an empty page. Leans on the primary key. */
export const history: Step<typeof Commission, "history"> = async (
  { scope, after, limit = PAGE_LIMIT },
  { db },
) => {
  const rows = await db
    .select()
    .from(commissionRule)
    .where(and(eq(commissionRule.scope, scopeText(scope)), lt(commissionRule.version, versionOf(after))))
    .orderBy(desc(commissionRule.version))
    .limit(limit + 1);
  const { items, ...rest } = cutPage(rows, limit, ({ version }) => String(version));
  return { items: items.map((row) => ({ ...toRule(row), putBy: row.putBy })), ...rest };
};

const VERSION_MAX = 2_147_483_647;

const versionOf = (after: string | undefined): number => {
  if (after === undefined) return VERSION_MAX;
  return /^[0-9]{1,9}$/.test(after) ? Number(after) : 0;
};
