/** VNPay 2.1.0: a page where payers pay, calls to the merchant, and the merchant's own API. Nobody's money moves. */
import type { Delivery } from "../hooks/delivery.ts";
import type { App, Part } from "../parts.ts";
import type { Faults } from "../weather/faults.ts";
import { jsonRoutes, JsonRefusal } from "../wire/json.ts";
import type { World } from "../world.ts";
import { serveTransaction } from "./api.ts";
import { attempt } from "./attempt.ts";
import { mountControls } from "./controls.ts";
import { notify, outcomeFields, type Telling } from "./notice.ts";
import { openPayment, PageRefusal } from "./open.ts";
import { errorPage, payPage } from "./pages.ts";
import { type Outcome, OUTCOMES, type Payment, type Transaction } from "./shapes.ts";
import { signedQuery } from "./signature.ts";
import { totalsOf } from "./totals.ts";
import { openVnpayWorld, type VnpayOptions, type VnpayWorld } from "./world.ts";

export type SandboxVnpay = {
  readonly payUrl: string;
  readonly apiUrl: string;
  /** Of requests to the API and of IPN calls, as Stripe has them. */
  readonly faults: Faults;
  setIpnUrl(url: string | undefined): void;
  /** The payer follows the shop's address and looks at the page. */
  open(url: string): Payment;
  /** The payer decides, `00` when nothing is said; an address in place of a reference is followed first. */
  pay(urlOrTxnRef: string, outcome?: Outcome, how?: PayOptions): Paid;
  /** Calls the merchant again with the latest notice of a payment, past all faults. */
  replay(txnRef: string, times?: number): void;
  payments(txnRef?: string): (Payment & { transactions: Transaction[] })[];
  deliveries(txnRef?: string): (Delivery & { txnRef: string })[];
};

export type PayOptions = Telling & { bankCode?: string | undefined };
/** `returnUrl` is where the payer's browser goes next, signed. */
export type Paid = { payment: Payment; transaction: Transaction; returnUrl: string };

const PAY_PATH = "/vnpay/paymentv2/vpcpay.html";
const API_PATH = "/vnpay/merchant_webapi/api/transaction";

export const openVnpay = (
  world: World,
  options: VnpayOptions | undefined,
  seed: number,
): { vnpay: SandboxVnpay; part: Part } => {
  const inner = openVnpayWorld(world, options, seed);
  const vnpay = leversOf(inner, world);
  const part: Part = {
    name: "vnpay",
    mount: (app) => {
      const routes = jsonRoutes();
      mountPages(routes, inner, vnpay);
      routes.post(API_PATH, serveTransaction(inner));
      mountControls(routes, vnpay);
      app.route("/", routes);
    },
    start: () => {
      inner.notifier.aim(options?.ipnUrl);
      inner.notifier.resume();
    },
    reset: inner.reset,
    totals: () => totalsOf(inner),
    stop: inner.notifier.stop,
  };
  return { vnpay, part };
};

const mountPages = (routes: App, world: VnpayWorld, vnpay: SandboxVnpay): void => {
  routes.get(PAY_PATH, (c) => {
    try {
      return c.html(payPage(openPayment(world, new URL(c.req.url).searchParams)));
    } catch (error) {
      if (error instanceof PageRefusal) return c.html(errorPage(error), 400);
      throw error;
    }
  });
  routes.post("/vnpay/paymentv2/pay", async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const outcome = OUTCOMES.find((one) => one === form.get("outcome")) ?? "24";
    return c.redirect(vnpay.pay(form.get("txnRef") ?? "", outcome).returnUrl, 303);
  });
};

const leversOf = (inner: VnpayWorld, world: World): SandboxVnpay => ({
  get payUrl() {
    return world.url + PAY_PATH;
  },
  get apiUrl() {
    return world.url + API_PATH;
  },
  faults: inner.faults,
  setIpnUrl: (url) => inner.notifier.aim(url),
  open: (url) => followed(inner, url),
  pay: (urlOrTxnRef, outcome = "00", how = {}) => {
    const isUrl = /^https?:/.test(urlOrTxnRef);
    return paid(inner, isUrl ? followed(inner, urlOrTxnRef).id : urlOrTxnRef, { outcome, ...how });
  },
  replay: (txnRef, times = 1) => {
    const notice = inner.notices.all().findLast((item) => item.txnRef === txnRef);
    if (notice === undefined) {
      throw new JsonRefusal(404, "unknown_payment", `Nothing was told of ${txnRef} yet.`);
    }
    inner.notifier.replay(notice, times);
  },
  payments: (txnRef) =>
    inner.payments
      .all()
      .filter(({ id }) => txnRef === undefined || id === txnRef)
      .map((payment) => ({
        ...payment,
        transactions: inner.transactions.all().filter((item) => item.txnRef === payment.id),
      })),
  deliveries: (txnRef) =>
    inner.deliveries
      .all()
      .map((item) => ({ ...item, txnRef: inner.notices.get(item.event)?.txnRef ?? "" }))
      .filter((item) => txnRef === undefined || item.txnRef === txnRef),
});

const followed = (inner: VnpayWorld, url: string): Payment => {
  try {
    return openPayment(inner, new URL(url).searchParams);
  } catch (error) {
    if (error instanceof PageRefusal) throw new JsonRefusal(400, error.code, error.message);
    throw error;
  }
};

const paid = (inner: VnpayWorld, txnRef: string, how: PayOptions & { outcome: Outcome }): Paid => {
  const transaction = attempt(inner, txnRef, how);
  const payment = inner.payments.get(txnRef);
  if (payment === undefined) throw new Error("what was paid is known");
  const fields = outcomeFields(inner, payment, transaction);
  notify(inner, fields, how);
  const back = payment.asked["vnp_ReturnUrl"] ?? "";
  const query = signedQuery(fields, inner.merchant?.hashSecret ?? "");
  return { payment, transaction, returnUrl: `${back}${back.includes("?") ? "&" : "?"}${query}` };
};
