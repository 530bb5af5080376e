/** What asks money back. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { Claim } from "@shopnexus/contracts/order/claim";
import { Dispute } from "@shopnexus/contracts/order/dispute";
import { Refund } from "@shopnexus/contracts/order/refund";
import { provide } from "#modules/_kit/board.ts";
import { attach } from "../claim/attach.ts";
import { expire as expireClaim } from "../claim/expire.ts";
import { listAll as listAllClaims } from "../claim/list-all.ts";
import { listSales as listClaimsOfSales } from "../claim/list-sales.ts";
import { list as listClaims } from "../claim/list.ts";
import { move as moveClaim } from "../claim/move.ts";
import { news as newsOfClaim } from "../claim/news.ts";
import { open as openClaim } from "../claim/open.ts";
import { pay as payClaim } from "../claim/pay.ts";
import { read as readClaim } from "../claim/read.ts";
import { record as recordClaim } from "../claim/record.ts";
import { settle as settleClaim } from "../claim/settle.ts";
import { void as voidClaim } from "../claim/void.ts";
import { chargeback } from "../dispute/chargeback.ts";
import { decide as decideDispute } from "../dispute/decide.ts";
import { judge } from "../dispute/judge.ts";
import { list as listDisputes } from "../dispute/list.ts";
import { message } from "../dispute/message.ts";
import { read as readDispute } from "../dispute/read.ts";
import { write } from "../dispute/write.ts";
import { answer } from "../refund/answer.ts";
import { inspect as inspectReturn } from "../refund/inspect.ts";
import { moved } from "../refund/moved.ts";
import { run as runRefund } from "../refund/run.ts";
import { sent } from "../refund/sent.ts";
import { verdict } from "../refund/verdict.ts";
import { withdraw as withdrawClaim } from "../refund/withdraw.ts";

export const claiming = [
  provide(
    Claim,
    {
      open: openClaim,
      list: listClaims,
      listSales: listClaimsOfSales,
      listAll: listAllClaims,
      read: readClaim,
      record: recordClaim,
      void: voidClaim,
      move: moveClaim,
      news: newsOfClaim,
      attach,
      expire: expireClaim,
      pay: payClaim,
      settle: settleClaim,
    },
    { idempotencyRetentionMs: 10 * MINUTE_MS },
  ),
  provide(
    Refund,
    { run: runRefund, answer, withdraw: withdrawClaim, sent, inspect: inspectReturn, moved, verdict },
    { workflowRetentionMs: DAY_MS, journalRetentionMs: HOUR_MS },
  ),
  provide(
    Dispute,
    { list: listDisputes, read: readDispute, message, write, decide: decideDispute, judge, chargeback },
    { idempotencyRetentionMs: 10 * MINUTE_MS },
  ),
];
