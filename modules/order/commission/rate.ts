import type { Commission } from "@shopnexus/contracts/order/commission";
import type { Step } from "#modules/_kit/handler.ts";
import { newestAmong } from "./rows.ts";
import { rated, scopesOf } from "./rules.ts";

/** One statement, however many lines. */
export const rate: Step<typeof Commission, "rate"> = async ({ lines }, { db }) => {
  const rows = await newestAmong(db, [...new Set(lines.flatMap(scopesOf))]);
  const rules = new Map(rows.map((row) => [row.scope, row]));
  return { lines: lines.map((line) => rated(line, rules)) };
};
