import type { Quote } from "@shopnexus/contracts/promotion/quote";
import type { Step } from "#modules/_kit/handler.ts";
import { findRunning } from "./rows.ts";
import { beKnown, bePriceable, explanation } from "./rules.ts";

export const explain: Step<typeof Quote, "explain"> = async (basket, { db }) => {
  bePriceable(basket);
  const promotions = await findRunning(db, basket);
  beKnown(basket, promotions);
  return explanation(basket, promotions);
};
