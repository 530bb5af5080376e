/** What buys: the cart, attempts, checkouts, and orders as people read them. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { Attempt } from "@shopnexus/contracts/order/attempt";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { provide } from "#modules/_kit/board.ts";
import { abandon } from "../attempt/abandon.ts";
import { claim } from "../attempt/claim.ts";
import { close } from "../attempt/close.ts";
import { find } from "../attempt/find.ts";
import { open } from "../attempt/open.ts";
import { place } from "../attempt/place.ts";
import { clear } from "../cart/clear.ts";
import { price } from "../cart/price.ts";
import { put } from "../cart/put.ts";
import { read as readCart } from "../cart/read.ts";
import { cancel } from "../checkout/cancel.ts";
import { declined } from "../checkout/declined.ts";
import { look } from "../checkout/look.ts";
import { opened } from "../checkout/opened.ts";
import { paid } from "../checkout/paid.ts";
import { retry } from "../checkout/retry.ts";
import { run } from "../checkout/run.ts";
import { status } from "../checkout/status.ts";
import { checkout } from "../order/checkout.ts";
import { follow } from "../order/follow.ts";
import { listCheckouts } from "../order/list-checkouts.ts";
import { list } from "../order/list.ts";
import { read } from "../order/read.ts";
import { tabs } from "../order/tabs.ts";
import { timeline } from "../order/timeline.ts";
import { viewCheckout } from "../order/view-checkout.ts";

export const buying = [
  provide(Attempt, { claim, open, abandon, close, place, find }),
  provide(Cart, { put, read: readCart, price, clear }),
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
];
