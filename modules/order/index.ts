/** The order module's board. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { Attempt } from "@shopnexus/contracts/order/attempt";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Charge } from "@shopnexus/contracts/order/charge";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Commission } from "@shopnexus/contracts/order/commission";
import { Order } from "@shopnexus/contracts/order/order";
import { board, provide } from "#modules/_kit/board.ts";
import { clear } from "./cart/clear.ts";
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
import { cancel } from "./checkout/cancel.ts";
import { declined } from "./checkout/declined.ts";
import { look } from "./checkout/look.ts";
import { opened } from "./checkout/opened.ts";
import { paid } from "./checkout/paid.ts";
import { retry } from "./checkout/retry.ts";
import { run } from "./checkout/run.ts";
import { status } from "./checkout/status.ts";
import { history } from "./commission/history.ts";
import { list as listRules } from "./commission/list.ts";
import { mine } from "./commission/mine.ts";
import { put as putRule } from "./commission/put.ts";
import { rate } from "./commission/rate.ts";
import { abandon } from "./attempt/abandon.ts";
import { checkout } from "./order/checkout.ts";
import { claim } from "./attempt/claim.ts";
import { close } from "./attempt/close.ts";
import { find } from "./attempt/find.ts";
import { list } from "./order/list.ts";
import { open } from "./attempt/open.ts";
import { place } from "./attempt/place.ts";
import { read } from "./order/read.ts";
import { timeline } from "./order/timeline.ts";
import { viewCheckout } from "./order/view-checkout.ts";

export default board("order", [
  provide(Attempt, { claim, open, abandon, close, place, find }),
  provide(Cart, { put, read: readCart, clear }),
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
  provide(Commission, { put: putRule, list: listRules, history, mine, rate }),
  // A finished run answers its repeats from the row; Restate need not remember it for long.
  provide(
    Checkout,
    { run, opened, paid, declined, retry, look, cancel, status },
    { workflowRetentionMs: DAY_MS, journalRetentionMs: HOUR_MS },
  ),
  provide(
    Order,
    { checkout, viewCheckout, read, list, timeline },
    { idempotencyRetentionMs: 10 * MINUTE_MS },
  ),
]);
