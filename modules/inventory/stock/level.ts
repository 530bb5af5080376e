import { type Stock, StockRefusals } from "@shopnexus/contracts/inventory/stock";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { findLevel } from "./rows.ts";
import { levelOf } from "./rules.ts";

export const level: Step<typeof Stock, "level"> = async ({ skuId }, { db }) => {
  const row = await findLevel(db.$client, skuId);
  if (row === undefined) throw refuse(StockRefusals.SKU_UNKNOWN, { skuIds: [skuId] });
  return levelOf(row);
};
