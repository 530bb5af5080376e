import type { Charge } from "@shopnexus/contracts/order/charge";
import type { Step } from "#modules/_kit/handler.ts";
import { findTender } from "./rows.ts";

export const tenderOf: Step<typeof Charge, "tenderOf"> = async ({ checkoutId }, { db }) => {
  const row = await findTender(db, checkoutId);
  return { tender: row === undefined ? null : row };
};
