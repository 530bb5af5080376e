import { Charge } from "@shopnexus/contracts/order/charge";
import { Reconciliation, STALE_COUNT_MAX } from "@shopnexus/contracts/order/reconciliation";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { follow, postReturn } from "../charge/receive.ts";

/** The next tick takes the next ones. */
export const poll: Handler<typeof Reconciliation, "poll"> = async (ctx) => {
  const { charges } = await call(ctx, Reconciliation).stale({ limit: STALE_COUNT_MAX });
  for (const { charge, isAbandoned } of charges) {
    // A run that only slept finds its charge called off, and undoes the rest by itself.
    if (isAbandoned) await postReturn(ctx, charge, await call(ctx, Charge).void(charge));
    else await follow(ctx, await call(ctx, Charge).inspect({ chargeId: charge.chargeId }));
  }
  return {};
};
