import type { Reconciliation } from "@shopnexus/contracts/order/reconciliation";
import type { Handler } from "#modules/_kit/handler.ts";
import { compareAll } from "./now.ts";

export const daily: Handler<typeof Reconciliation, "daily"> = async (ctx, _input, { settings }) => {
  await compareAll(ctx, settings);
  return {};
};
