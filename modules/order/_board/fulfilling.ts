/** What becomes of an order: its lines, what is to be done for it, its money, and the run that minds it. */
import { HOUR_MS } from "@shopnexus/contracts/kit/time";
import { Duties } from "@shopnexus/contracts/order/duties";
import { Escrow } from "@shopnexus/contracts/order/escrow";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Line } from "@shopnexus/contracts/order/line";
import { provide } from "#modules/_kit/board.ts";
import { list as listDuties } from "../duties/list.ts";
import { note } from "../duties/note.ts";
import { carry } from "../escrow/carry.ts";
import { release } from "../escrow/release.ts";
import { withdraw as withdrawMoney } from "../escrow/withdraw.ts";
import { acknowledge } from "../fulfilment/acknowledge.ts";
import { cancel as cancelOrder } from "../fulfilment/cancel.ts";
import { confirm } from "../fulfilment/confirm.ts";
import { handOver } from "../fulfilment/hand-over.ts";
import { news } from "../fulfilment/news.ts";
import { reject } from "../fulfilment/reject.ts";
import { repick } from "../fulfilment/repick.ts";
import { run as runFulfilment } from "../fulfilment/run.ts";
import { stocked } from "../fulfilment/stocked.ts";
import { acknowledge as acknowledgeLines } from "../line/acknowledge.ts";
import { arrive } from "../line/arrive.ts";
import { cancel as cancelLines } from "../line/cancel.ts";
import { confirm as confirmLines } from "../line/confirm.ts";
import { expire as expireLines } from "../line/expire.ts";
import { next } from "../line/next.ts";
import { reject as rejectLines } from "../line/reject.ts";

export const fulfilling = [
  provide(Line, {
    confirm: confirmLines,
    reject: rejectLines,
    cancel: cancelLines,
    acknowledge: acknowledgeLines,
    arrive,
    expire: expireLines,
    next,
  }),
  provide(Duties, { list: listDuties, note }),
  provide(Escrow, { carry, release, withdraw: withdrawMoney }),
  // A run that is over may be begun anew: it reads what is to be done, and nothing is.
  provide(
    Fulfilment,
    {
      run: runFulfilment,
      confirm,
      reject,
      cancel: cancelOrder,
      acknowledge,
      repick,
      handOver,
      stocked,
      news,
    },
    { workflowRetentionMs: HOUR_MS, journalRetentionMs: HOUR_MS },
  ),
];
