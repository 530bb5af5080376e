/** The order module's board: what the host loads, part by part, and the clocks. */
import { DAY_MS, MINUTE_MS, SECOND_MS } from "@shopnexus/contracts/kit/time";
import { board } from "#modules/_kit/board.ts";
import { buying } from "./_board/buying.ts";
import { claiming } from "./_board/claiming.ts";
import { earning } from "./_board/earning.ts";
import { fulfilling } from "./_board/fulfilling.ts";
import { paying } from "./_board/paying.ts";
import { selling } from "./_board/selling.ts";
import { shipping } from "./_board/shipping.ts";

/** A seller who is paid every day does not miss ten seconds. */
const PAY_DUE_EVERY_MS = 10 * SECOND_MS;

export default board(
  "order",
  [...buying, ...paying, ...fulfilling, ...shipping, ...claiming, ...earning, ...selling],
  [
    { name: "reconcile", everyMs: DAY_MS, component: "Reconciliation", verb: "daily", input: {} },
    { name: "pollGateways", everyMs: MINUTE_MS, component: "Reconciliation", verb: "poll", input: {} },
    {
      name: "payDue",
      everyMs: PAY_DUE_EVERY_MS,
      component: "Earnings",
      verb: "payDue",
      input: {},
    },
  ],
);
