import { CheckoutRefusals } from "@shopnexus/contracts/order/checkout";
import type { Order } from "@shopnexus/contracts/order/order";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { findCheckoutRow, viewOf } from "./rows.ts";

export const findCheckout: Step<typeof Order, "findCheckout"> = async ({ checkoutId, accountId }, { db }) => {
  const row = await findCheckoutRow(db, checkoutId, accountId);
  if (row === undefined) throw refuse(CheckoutRefusals.CHECKOUT_UNKNOWN, {});
  return viewOf(db, row);
};
