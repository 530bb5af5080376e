import type { Commission } from "@shopnexus/contracts/order/commission";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { newestAmong, selectHolding } from "./rows.ts";
import { toRule } from "./rules.ts";

export const mine: Step<typeof Commission, "mine"> = async (_input, { db, who }) => {
  const own = `seller:${accountOf(who).accountId}`;
  const [special, categories] = await Promise.all([
    newestAmong(db, [own, "default"]),
    selectHolding(db, { prefix: "category:" }),
  ]);
  const ruleOf = (scope: string) => {
    const row = special.find((one) => one.scope === scope && one.basisPoints !== null);
    return row === undefined ? null : toRule(row);
  };
  return { own: ruleOf(own), categories: categories.map(toRule), standard: ruleOf("default") };
};
