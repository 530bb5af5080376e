import { DUE_COUNT_MAX, Earnings } from "@shopnexus/contracts/order/earnings";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";

/** What is left after so many is taken by the next tick. */
const TURN_COUNT_MAX = 50;

export const payDue: Handler<typeof Earnings, "payDue"> = async (ctx) => {
  for (let turn = 0; turn < TURN_COUNT_MAX; turn += 1) {
    const { due } = await call(ctx, Earnings).claimDue({ limit: DUE_COUNT_MAX });
    // Each account on its own: what goes wrong with one holds nobody else up.
    for (const one of due) send(ctx, Earnings).payAll(one);
    if (due.length < DUE_COUNT_MAX) return {};
  }
  return {};
};
