/** What takes money in and gives it back: charges, what banks take back, and the gateways' own lists. */
import { Charge } from "@shopnexus/contracts/order/charge";
import { Chargeback } from "@shopnexus/contracts/order/chargeback";
import { Reconciliation } from "@shopnexus/contracts/order/reconciliation";
import { provide } from "#modules/_kit/board.ts";
import { giveBack } from "../charge/give-back.ts";
import { inspect } from "../charge/inspect.ts";
import { open as openCharge } from "../charge/open.ts";
import { receive } from "../charge/receive.ts";
import { record } from "../charge/record.ts";
import { retire } from "../charge/retire.ts";
import { settle } from "../charge/settle.ts";
import { tenderOf } from "../charge/tender-of.ts";
import { void as voidCharge } from "../charge/void.ts";
import { ask as askBank } from "../chargeback/ask.ts";
import { list as listChargebacks } from "../chargeback/list.ts";
import { lose } from "../chargeback/lose.ts";
import { owe } from "../chargeback/owe.ts";
import { record as recordChargeback } from "../chargeback/record.ts";
import { reinstate } from "../chargeback/reinstate.ts";
import { take } from "../chargeback/take.ts";
import { compare } from "../reconciliation/compare.ts";
import { daily } from "../reconciliation/daily.ts";
import { findings } from "../reconciliation/findings.ts";
import { now } from "../reconciliation/now.ts";
import { poll } from "../reconciliation/poll.ts";
import { stale } from "../reconciliation/stale.ts";

export const paying = [
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
    owe,
    ask: askBank,
    list: listChargebacks,
  }),
  provide(Reconciliation, { now, daily, compare, poll, stale, findings }),
];
