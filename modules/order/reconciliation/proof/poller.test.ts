import { afterAll, beforeAll, expect, test } from "vitest";
import type { CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { Reconciliation } from "@shopnexus/contracts/order/reconciliation";
import { MODULE_NAMES } from "#app/modules.ts";
import { type Outside, openOutside } from "#tools/testkit/outside.ts";
import {
  basketOf,
  type Buyer,
  buyer,
  checkOut,
  payInBrowser,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { openModules, type SomeModules } from "#tools/testkit/some-modules.ts";

let outside: Outside;
let modules: SomeModules;
let mai: Buyer;
let an: Seller;
beforeAll(async () => {
  outside = await openOutside();
  // Nobody tells this shop anything: it has to ask.
  modules = await openModules(MODULE_NAMES, outside.variables);
  [mai, an] = await Promise.all([buyer(modules), seller(modules)]);
});
afterAll(async () => {
  await modules?.stop();
  await outside?.sandbox.stop();
});

const opened = async () => checkOut(mai, basketOf(mai, [await an.offer(1_500, 5)]));
const age = ({ checkoutId }: CheckoutView, minutes: number) =>
  modules.sql`update "order".charge set created_at = now() - make_interval(mins => ${minutes})
    where checkout_id = ${checkoutId}`;
const viewOf = ({ checkoutId }: CheckoutView) => mai.call(Order).viewCheckout({ checkoutId });
const poll = () => modules.ask(Reconciliation, "poll", {});

test("Reconciliation/poll: a payment that nobody told of wakes its checkout; one that is still young is left alone", async () => {
  const [old, young] = [await opened(), await opened()];
  for (const view of [old, young]) await payInBrowser(outside.sandbox.url, view);
  await age(old, 30);
  await poll();
  await expect.poll(async () => (await viewOf(old)).state, { timeout: 10_000 }).toBe("placed");
  expect(await viewOf(young)).toMatchObject({ state: "awaiting_payment", payment: { state: "open" } });
});

test("Reconciliation/poll: an attempt that is hours too old is called off, and what was paid for it goes back, once", async () => {
  const [unpaid, paid] = [await opened(), await opened()];
  await payInBrowser(outside.sandbox.url, paid);
  for (const view of [unpaid, paid]) await age(view, 7 * 60);
  for (let times = 0; times < 2; times++) await poll();
  for (const view of [unpaid, paid])
    expect(await viewOf(view)).toMatchObject({ payment: { state: "voided" } });
  const [row] = await modules.sql`
    select returned_minor::int as returned from "order".charge where checkout_id = ${paid.checkoutId}`;
  expect(row).toEqual({ returned: 1_500 });
  const posted = await modules.sql<{ kind: string }[]>`
    select kind from account.entry where reference = ${paid.checkoutId} order by kind`;
  expect(posted.map(({ kind }) => kind)).toEqual(["capture", "refund"]);
});
