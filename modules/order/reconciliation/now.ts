import type { Context } from "@restatedev/restate-sdk";
import type { Out } from "@shopnexus/contracts/kit/contract";
import { Dispute } from "@shopnexus/contracts/order/dispute";
import { Reconciliation } from "@shopnexus/contracts/order/reconciliation";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import type { Settings } from "#modules/_kit/settings.ts";
import { follow } from "../charge/receive.ts";

export const now: Handler<typeof Reconciliation, "now"> = async (ctx, _input, { settings }) => ({
  gateways: await compareAll(ctx, settings),
});

type Compared = Out<typeof Reconciliation, "now">["gateways"];

/** What each comparison puts right is done as its event would have had it done. */
export const compareAll = async (ctx: Context, settings: Settings): Promise<Compared> => {
  const gateways: Compared = [];
  for (const gateway of ["stripe", "vnpay"] as const) {
    if (settings[gateway] === undefined) continue;
    const { verdicts, chargebacks, ...compared } = await call(ctx, Reconciliation).compare({ gateway });
    for (const verdict of verdicts) await follow(ctx, verdict);
    for (const news of chargebacks) send(ctx, Dispute).chargeback(news);
    gateways.push(compared);
  }
  return gateways;
};
