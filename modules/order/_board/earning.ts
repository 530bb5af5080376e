/** What sellers earn, and how it reaches them. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { Earnings } from "@shopnexus/contracts/order/earnings";
import { Payout } from "@shopnexus/contracts/order/payout";
import { Transfer } from "@shopnexus/contracts/order/transfer";
import { provide } from "#modules/_kit/board.ts";
import { bankHistory } from "../earnings/bank-history.ts";
import { banks } from "../earnings/banks.ts";
import { claimDue } from "../earnings/claim-due.ts";
import { find as findPayouts } from "../earnings/find.ts";
import { list as listPayouts } from "../earnings/list.ts";
import { payAll } from "../earnings/pay-all.ts";
import { payDue } from "../earnings/pay-due.ts";
import { putBank } from "../earnings/put-bank.ts";
import { putSchedule } from "../earnings/put-schedule.ts";
import { read as readPayout } from "../earnings/read.ts";
import { schedule } from "../earnings/schedule.ts";
import { withdraw } from "../earnings/withdraw.ts";
import { cancel as cancelPayout } from "../payout/cancel.ts";
import { decide as decidePayout } from "../payout/decide.ts";
import { look as lookPayout } from "../payout/look.ts";
import { opened as openedPayout } from "../payout/opened.ts";
import { run as runPayout } from "../payout/run.ts";
import { watch as watchPayout } from "../payout/watch.ts";
import { advance } from "../transfer/advance.ts";
import { cancel as cancelTransfer } from "../transfer/cancel.ts";
import { claim as claimTransfer } from "../transfer/claim.ts";
import { close as closeTransfer } from "../transfer/close.ts";
import { decide as decideTransfer } from "../transfer/decide.ts";
import { find as findTransfer } from "../transfer/find.ts";
import { inspect as inspectTransfer } from "../transfer/inspect.ts";
import { send as sendTransfer } from "../transfer/send.ts";

export const earning = [
  provide(
    Earnings,
    {
      putBank,
      banks,
      bankHistory,
      putSchedule,
      schedule,
      withdraw,
      read: readPayout,
      list: listPayouts,
      find: findPayouts,
      payDue,
      payAll,
      claimDue,
    },
    { idempotencyRetentionMs: 10 * MINUTE_MS },
  ),
  provide(
    Payout,
    {
      run: runPayout,
      opened: openedPayout,
      decide: decidePayout,
      cancel: cancelPayout,
      look: lookPayout,
      watch: watchPayout,
    },
    { workflowRetentionMs: DAY_MS, journalRetentionMs: HOUR_MS },
  ),
  provide(Transfer, {
    claim: claimTransfer,
    advance,
    decide: decideTransfer,
    cancel: cancelTransfer,
    send: sendTransfer,
    inspect: inspectTransfer,
    close: closeTransfer,
    find: findTransfer,
  }),
];
