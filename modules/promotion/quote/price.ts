import type { Quote } from "@shopnexus/contracts/promotion/quote";
import type { Step } from "#modules/_kit/handler.ts";
import { findRunning } from "./rows.ts";
import { beKnown, bePriceable, quote } from "./rules.ts";

export const price: Step<typeof Quote, "price"> = async (basket, { db }) => {
  bePriceable(basket);
  const promotions = await findRunning(db, basket);
  beKnown(basket, promotions);
  return quote(basket, promotions);
};
