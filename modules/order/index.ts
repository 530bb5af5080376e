/** The order module's board. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@shopnexus/contracts/kit/time";
import { Attempt } from "@shopnexus/contracts/order/attempt";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Charge } from "@shopnexus/contracts/order/charge";
import { Chargeback } from "@shopnexus/contracts/order/chargeback";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Claim } from "@shopnexus/contracts/order/claim";
import { Commission } from "@shopnexus/contracts/order/commission";
import { Dispute } from "@shopnexus/contracts/order/dispute";
import { Duties } from "@shopnexus/contracts/order/duties";
import { Earnings } from "@shopnexus/contracts/order/earnings";
import { Escrow } from "@shopnexus/contracts/order/escrow";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Line } from "@shopnexus/contracts/order/line";
import { Order } from "@shopnexus/contracts/order/order";
import { Packing } from "@shopnexus/contracts/order/packing";
import { Parcel } from "@shopnexus/contracts/order/parcel";
import { Payout } from "@shopnexus/contracts/order/payout";
import { Sales } from "@shopnexus/contracts/order/sales";
import { Reconciliation } from "@shopnexus/contracts/order/reconciliation";
import { Refund } from "@shopnexus/contracts/order/refund";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import { Transfer } from "@shopnexus/contracts/order/transfer";
import { board, provide } from "#modules/_kit/board.ts";
import { clear } from "./cart/clear.ts";
import { price } from "./cart/price.ts";
import { put } from "./cart/put.ts";
import { read as readCart } from "./cart/read.ts";
import { giveBack } from "./charge/give-back.ts";
import { inspect } from "./charge/inspect.ts";
import { open as openCharge } from "./charge/open.ts";
import { receive } from "./charge/receive.ts";
import { record } from "./charge/record.ts";
import { retire } from "./charge/retire.ts";
import { settle } from "./charge/settle.ts";
import { tenderOf } from "./charge/tender-of.ts";
import { void as voidCharge } from "./charge/void.ts";
import { ask as askBank } from "./chargeback/ask.ts";
import { list as listChargebacks } from "./chargeback/list.ts";
import { lose } from "./chargeback/lose.ts";
import { record as recordChargeback } from "./chargeback/record.ts";
import { reinstate } from "./chargeback/reinstate.ts";
import { take } from "./chargeback/take.ts";
import { cancel } from "./checkout/cancel.ts";
import { declined } from "./checkout/declined.ts";
import { look } from "./checkout/look.ts";
import { opened } from "./checkout/opened.ts";
import { paid } from "./checkout/paid.ts";
import { retry } from "./checkout/retry.ts";
import { run } from "./checkout/run.ts";
import { status } from "./checkout/status.ts";
import { attach } from "./claim/attach.ts";
import { expire as expireClaim } from "./claim/expire.ts";
import { list as listClaims } from "./claim/list.ts";
import { listAll as listAllClaims } from "./claim/list-all.ts";
import { listSales as listClaimsOfSales } from "./claim/list-sales.ts";
import { move as moveClaim } from "./claim/move.ts";
import { news as newsOfClaim } from "./claim/news.ts";
import { open as openClaim } from "./claim/open.ts";
import { pay as payClaim } from "./claim/pay.ts";
import { read as readClaim } from "./claim/read.ts";
import { record as recordClaim } from "./claim/record.ts";
import { settle as settleClaim } from "./claim/settle.ts";
import { void as voidClaim } from "./claim/void.ts";
import { history } from "./commission/history.ts";
import { list as listRules } from "./commission/list.ts";
import { mine } from "./commission/mine.ts";
import { put as putRule } from "./commission/put.ts";
import { rate } from "./commission/rate.ts";
import { chargeback } from "./dispute/chargeback.ts";
import { decide as decideDispute } from "./dispute/decide.ts";
import { judge } from "./dispute/judge.ts";
import { list as listDisputes } from "./dispute/list.ts";
import { message } from "./dispute/message.ts";
import { read as readDispute } from "./dispute/read.ts";
import { write } from "./dispute/write.ts";
import { bankHistory } from "./earnings/bank-history.ts";
import { banks } from "./earnings/banks.ts";
import { claimDue } from "./earnings/claim-due.ts";
import { find as findPayouts } from "./earnings/find.ts";
import { list as listPayouts } from "./earnings/list.ts";
import { payAll } from "./earnings/pay-all.ts";
import { payDue } from "./earnings/pay-due.ts";
import { putBank } from "./earnings/put-bank.ts";
import { putSchedule } from "./earnings/put-schedule.ts";
import { read as readPayout } from "./earnings/read.ts";
import { schedule } from "./earnings/schedule.ts";
import { withdraw } from "./earnings/withdraw.ts";
import { cancel as cancelPayout } from "./payout/cancel.ts";
import { decide as decidePayout } from "./payout/decide.ts";
import { look as lookPayout } from "./payout/look.ts";
import { opened as openedPayout } from "./payout/opened.ts";
import { run as runPayout } from "./payout/run.ts";
import { watch as watchPayout } from "./payout/watch.ts";
import { answer } from "./refund/answer.ts";
import { inspect as inspectReturn } from "./refund/inspect.ts";
import { moved } from "./refund/moved.ts";
import { run as runRefund } from "./refund/run.ts";
import { sent } from "./refund/sent.ts";
import { verdict } from "./refund/verdict.ts";
import { withdraw as withdrawClaim } from "./refund/withdraw.ts";
import { list as listDuties } from "./duties/list.ts";
import { note } from "./duties/note.ts";
import { carry } from "./escrow/carry.ts";
import { release } from "./escrow/release.ts";
import { withdraw as withdrawMoney } from "./escrow/withdraw.ts";
import { acknowledge } from "./fulfilment/acknowledge.ts";
import { cancel as cancelOrder } from "./fulfilment/cancel.ts";
import { confirm } from "./fulfilment/confirm.ts";
import { handOver } from "./fulfilment/hand-over.ts";
import { news } from "./fulfilment/news.ts";
import { reject } from "./fulfilment/reject.ts";
import { repick } from "./fulfilment/repick.ts";
import { run as runFulfilment } from "./fulfilment/run.ts";
import { stocked } from "./fulfilment/stocked.ts";
import { acknowledge as acknowledgeLines } from "./line/acknowledge.ts";
import { arrive } from "./line/arrive.ts";
import { cancel as cancelLines } from "./line/cancel.ts";
import { confirm as confirmLines } from "./line/confirm.ts";
import { expire as expireLines } from "./line/expire.ts";
import { next } from "./line/next.ts";
import { reject as rejectLines } from "./line/reject.ts";
import { choose } from "./packing/choose.ts";
import { postpone } from "./packing/postpone.ts";
import { repick as repickParcels } from "./packing/repick.ts";
import { changed } from "./parcel/changed.ts";
import { run as runParcel } from "./parcel/run.ts";
import { book } from "./shipment/book.ts";
import { handOver as handOverLines } from "./shipment/hand-over.ts";
import { label } from "./shipment/label.ts";
import { list as listShipments } from "./shipment/list.ts";
import { offer } from "./shipment/offer.ts";
import { quote } from "./shipment/quote.ts";
import { read as readShipment } from "./shipment/read.ts";
import { receive as receiveCarrier } from "./shipment/receive.ts";
import { record as recordCarrier } from "./shipment/record.ts";
import { seal } from "./shipment/seal.ts";
import { track } from "./shipment/track.ts";
import { unbook } from "./shipment/unbook.ts";
import { advance } from "./transfer/advance.ts";
import { cancel as cancelTransfer } from "./transfer/cancel.ts";
import { claim as claimTransfer } from "./transfer/claim.ts";
import { close as closeTransfer } from "./transfer/close.ts";
import { decide as decideTransfer } from "./transfer/decide.ts";
import { find as findTransfer } from "./transfer/find.ts";
import { inspect as inspectTransfer } from "./transfer/inspect.ts";
import { send as sendTransfer } from "./transfer/send.ts";
import { abandon } from "./attempt/abandon.ts";
import { checkout } from "./order/checkout.ts";
import { claim } from "./attempt/claim.ts";
import { close } from "./attempt/close.ts";
import { find } from "./attempt/find.ts";
import { follow } from "./order/follow.ts";
import { list } from "./order/list.ts";
import { listCheckouts } from "./order/list-checkouts.ts";
import { open } from "./attempt/open.ts";
import { place } from "./attempt/place.ts";
import { read } from "./order/read.ts";
import { tabs } from "./order/tabs.ts";
import { timeline } from "./order/timeline.ts";
import { viewCheckout } from "./order/view-checkout.ts";
import { compare } from "./reconciliation/compare.ts";
import { daily } from "./reconciliation/daily.ts";
import { findings } from "./reconciliation/findings.ts";
import { now } from "./reconciliation/now.ts";
import { poll } from "./reconciliation/poll.ts";
import { stale } from "./reconciliation/stale.ts";
import { inbox } from "./sales/inbox.ts";
import { list as listSales } from "./sales/list.ts";
import { pending } from "./sales/pending.ts";
import { series } from "./sales/series.ts";
import { summary } from "./sales/summary.ts";
import { tabs as tabsOfSales } from "./sales/tabs.ts";
import { top } from "./sales/top.ts";

/** A seller who is paid every day does not miss ten seconds. */
const PAY_DUE_EVERY_MS = 10 * SECOND_MS;

export default board(
  "order",
  [
    provide(Attempt, { claim, open, abandon, close, place, find }),
    provide(Cart, { put, read: readCart, price, clear }),
    provide(Charge, {
      open: openCharge,
      void: voidCharge,
      inspect,
      retire,
      settle,
      giveBack,
      tenderOf,
      receive,
      record,
    }),
    provide(Chargeback, {
      record: recordChargeback,
      take,
      reinstate,
      lose,
      ask: askBank,
      list: listChargebacks,
    }),
    provide(
      Claim,
      {
        ...{ open: openClaim, list: listClaims, listSales: listClaimsOfSales, listAll: listAllClaims },
        ...{ read: readClaim, record: recordClaim, void: voidClaim, move: moveClaim, news: newsOfClaim },
        ...{ attach, expire: expireClaim, pay: payClaim, settle: settleClaim },
      },
      { idempotencyRetentionMs: 10 * MINUTE_MS },
    ),
    provide(
      Dispute,
      { list: listDisputes, read: readDispute, message, write, decide: decideDispute, judge, chargeback },
      { idempotencyRetentionMs: 10 * MINUTE_MS },
    ),
    provide(
      Refund,
      { run: runRefund, answer, withdraw: withdrawClaim, sent, inspect: inspectReturn, moved, verdict },
      { workflowRetentionMs: DAY_MS, journalRetentionMs: HOUR_MS },
    ),
    provide(Commission, { put: putRule, list: listRules, history, mine, rate }),
    provide(
      Earnings,
      {
        ...{ putBank, banks, bankHistory, putSchedule, schedule },
        ...{ withdraw, read: readPayout, list: listPayouts, find: findPayouts, payDue, payAll, claimDue },
      },
      { idempotencyRetentionMs: 10 * MINUTE_MS },
    ),
    provide(
      Payout,
      {
        ...{ run: runPayout, opened: openedPayout, decide: decidePayout },
        ...{ cancel: cancelPayout, look: lookPayout, watch: watchPayout },
      },
      { workflowRetentionMs: DAY_MS, journalRetentionMs: HOUR_MS },
    ),
    provide(Transfer, {
      ...{ claim: claimTransfer, advance, decide: decideTransfer, cancel: cancelTransfer },
      ...{ send: sendTransfer, inspect: inspectTransfer, close: closeTransfer, find: findTransfer },
    }),
    // A finished run answers its repeats from the row; Restate need not remember it for long.
    provide(
      Checkout,
      { run, opened, paid, declined, retry, look, cancel, status },
      { workflowRetentionMs: DAY_MS, journalRetentionMs: HOUR_MS },
    ),
    provide(
      Order,
      { checkout, viewCheckout, listCheckouts, read, list, tabs, timeline, follow },
      { idempotencyRetentionMs: 10 * MINUTE_MS },
    ),
    provide(Duties, { list: listDuties, note }),
    provide(Escrow, { carry, release, withdraw: withdrawMoney }),
    // A run that is over may be begun anew: it reads what is to be done, and nothing is.
    provide(
      Fulfilment,
      {
        ...{ run: runFulfilment, confirm, reject, cancel: cancelOrder, acknowledge },
        ...{ repick, handOver, stocked, news },
      },
      { workflowRetentionMs: HOUR_MS, journalRetentionMs: HOUR_MS },
    ),
    provide(Line, {
      ...{ confirm: confirmLines, reject: rejectLines, cancel: cancelLines, acknowledge: acknowledgeLines },
      ...{ arrive, expire: expireLines, next },
    }),
    provide(Packing, { choose, postpone, repick: repickParcels }),
    provide(
      Parcel,
      { run: runParcel, changed },
      { workflowRetentionMs: HOUR_MS, journalRetentionMs: HOUR_MS },
    ),
    provide(Shipment, {
      ...{ offer, quote, book, unbook, seal, receive: receiveCarrier, record: recordCarrier, track },
      ...{ handOver: handOverLines, read: readShipment, list: listShipments, label },
    }),
    provide(Sales, { inbox, list: listSales, tabs: tabsOfSales, summary, series, top, pending }),
    provide(Reconciliation, { now, daily, compare, poll, stale, findings }),
  ],
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
