import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Checkout, type CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import {
  type Buyer,
  buyer,
  checkOut,
  type Goods,
  payInBrowser,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { keptFor } from "#tools/testkit/gateway.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";
import { signQuery } from "../../charge/gateway/vnpay-sign.ts";
import { basketIn, dong, entriesOf, offerAt, usd, viewOf } from "./stage.ts";

let shop: TestShop;
let mai: Buyer;
let an: Seller;
beforeAll(async () => {
  shop = await openShop();
  [mai, an] = await Promise.all([buyer(shop), seller(shop)]);
});
afterAll(() => shop?.stop());
beforeEach(() => {
  shop.sandbox.faults.clear();
  shop.sandbox.vnpay.faults.clear();
});

const opened = async (price = dong(250_000), gateway: "stripe" | "vnpay" = "vnpay") => {
  const thing = await offerAt(an, price, 3);
  return { thing, view: await checkOut(mai, basketIn(mai, [thing], { gateway })) };
};
const retry = (view: CheckoutView, gateway: "stripe" | "vnpay", chargeId?: string) =>
  mai.call(Checkout, view.checkoutId).retry({ gateway, ...(chargeId !== undefined && { chargeId }) });
const reaches = (view: CheckoutView, as: object) =>
  expect.poll(() => viewOf(mai, view), { timeout: 10_000 }).toMatchObject(as);
const levelOf = ({ skuId }: Goods) => mai.call(Stock).level({ skuId });
const urlOf = (view: CheckoutView) => view.payment?.redirectUrl ?? "";
const told = async ({ checkoutId }: CheckoutView) =>
  (await mai.call(Order).timeline({ checkoutId })).entries.map(({ what }) => what);
const refundedAtVnpay = (view: CheckoutView) =>
  shop.sandbox.vnpay
    .payments()
    .filter(({ asked }) => urlOf(view).includes(asked["vnp_TxnRef"] ?? "none"))
    .flatMap(({ transactions }) =>
      transactions.filter(({ type }) => type !== "01").map(({ amount }) => amount),
    );

test("VNPay from end to end: the buyer is sent to its page, its call places the orders, and is answered 00", async () => {
  const { thing, view } = await opened();
  expect(view.payment).toMatchObject({ gateway: "vnpay", attempt: 0, clientSecret: null, state: "open" });
  const { payment } = shop.sandbox.vnpay.pay(urlOf(view));
  await reaches(view, { state: "placed", payment: { redirectUrl: null, state: "settled" } });
  await expect.poll(() => shop.sandbox.vnpay.deliveries(payment.id)[0]?.attempts.at(-1)?.answer).toBe("00");
  shop.sandbox.vnpay.replay(payment.id, 2);
  await expect
    .poll(() => shop.sandbox.vnpay.deliveries(payment.id).map(({ attempts }) => attempts.at(-1)?.answer))
    .toEqual(["00", "02", "02"]);
  expect(await levelOf(thing)).toMatchObject({ held: 0, sold: 1 });
  const [entry] = await entriesOf(shop, view.checkoutId);
  expect(entry?.lines.find(({ account }) => account === "gateway:vnpay")?.minor).toBe(-250_000);
});

test("VNPay: calls that are forged, about nobody, or about another amount are answered 97, 01 and 04; none is an answer of the browser's", async () => {
  const { view } = await opened();
  const { vnpay } = shop.sandbox;
  const answers = async (query: string) =>
    ((await (await fetch(`${shop.edgeUrl()}/webhooks/vnpay${query}`)).json()) as { RspCode: string }).RspCode;
  expect(await answers("")).toBe("97");
  expect(await answers("?vnp_TxnRef=1&vnp_SecureHash=00")).toBe("97");
  vnpay.setIpnUrl(undefined);
  const { returnUrl } = vnpay.pay(urlOf(view));
  const secret = shop.environment["VNPAY_HASH_SECRET"] ?? "";
  const fields = Object.fromEntries(new URL(returnUrl).searchParams);
  expect(await answers(`?${signQuery({ ...fields, vnp_TxnRef: "5" }, secret)}`)).toBe("01");
  expect(await answers(`?${signQuery({ ...fields, vnp_Amount: "100" }, secret)}`)).toBe("04");
  expect(await viewOf(mai, view)).toMatchObject({ state: "awaiting_payment", payment: { state: "open" } });
  vnpay.setIpnUrl(`${shop.edgeUrl()}/webhooks/vnpay`);
  expect(await mai.call(Checkout, view.checkoutId).look({})).toMatchObject({ state: "placed" });
});

test("Checkout/declined: an attempt that failed for good is replaced by the next, and the stock stays set aside", async () => {
  const { thing, view } = await opened();
  shop.sandbox.vnpay.pay(urlOf(view), "51");
  await reaches(view, {
    state: "awaiting_payment",
    payment: { attempt: 1, state: "open", gateway: "vnpay" },
  });
  expect(await levelOf(thing)).toMatchObject({ held: 1, sold: 0 });
  const next = await viewOf(mai, view);
  expect(next.payment?.chargeId).not.toBe(view.payment?.chargeId);
  shop.sandbox.vnpay.pay(urlOf(next));
  await reaches(view, { state: "placed" });
  expect(await told(view)).toEqual([
    "checkout_opened",
    "payment_declined",
    "payment_replaced",
    "payment_received",
    "payment_settled",
    "orders_placed",
  ]);
});

test("Checkout/look: an attempt that failed though nobody told of it is replaced too", async () => {
  const { vnpay } = shop.sandbox;
  vnpay.setIpnUrl(undefined);
  const { view } = await opened();
  vnpay.pay(urlOf(view), "51");
  const looked = await mai.call(Checkout, view.checkoutId).look({});
  expect(looked).toMatchObject({ state: "awaiting_payment" });
  vnpay.setIpnUrl(`${shop.edgeUrl()}/webhooks/vnpay`);
  await reaches(view, { state: "awaiting_payment", payment: { attempt: 1, state: "open" } });
});

test("Checkout/retry: twenty at once for one attempt open one more, at the gateway wished for, and the old one cannot be paid any more", async () => {
  const { view } = await opened(usd(2_500), "stripe");
  const seen = await Promise.all(
    Array.from({ length: 20 }, () => retry(view, "stripe", view.payment?.chargeId)),
  );
  expect(new Set(seen.map(({ payment }) => payment?.attempt))).toEqual(new Set([1]));
  expect((await payInBrowser(shop.sandbox.url, view)).ok).toBe(false);
  const [newest = view] = seen;
  expect((await payInBrowser(shop.sandbox.url, newest)).ok).toBe(true);
  await reaches(view, { state: "placed" });
  expect(await keptFor(shop, view.checkoutId)).toEqual({ intents: 2, kept: 2_500 });
});

test("Checkout/retry: another gateway takes over, and money that comes by the older attempt after all goes back, though the newer one is settled", async () => {
  const { thing, view } = await opened();
  const next = await retry(view, "stripe");
  expect(next.payment).toMatchObject({ gateway: "stripe", attempt: 1, redirectUrl: null });
  expect((await payInBrowser(shop.sandbox.url, next)).ok).toBe(true);
  await reaches(view, { state: "placed" });
  shop.sandbox.vnpay.pay(urlOf(view), "00", { times: 5 });
  await expect.poll(() => refundedAtVnpay(view), { timeout: 10_000 }).toEqual([25_000_000]);
  await expect
    .poll(async () => (await entriesOf(shop, view.checkoutId)).map(({ entryKey }) => entryKey.split("/")[1]))
    .toEqual(["capture", "stray", "return"]);
  expect(await viewOf(mai, view)).toMatchObject({
    state: "placed",
    payment: { state: "settled", attempt: 1 },
  });
  expect(await levelOf(thing)).toMatchObject({ held: 0, sold: 1 });
});

test("Checkout/retry: a payment that came first wins, though nobody had heard of it", async () => {
  shop.sandbox.faults.set({ webhooks: { loseRate: 1 } });
  const { view } = await opened(usd(2_500), "stripe");
  await payInBrowser(shop.sandbox.url, view);
  await retry(view, "stripe");
  await reaches(view, { state: "placed", payment: { attempt: 0 } });
  expect(await keptFor(shop, view.checkoutId)).toEqual({ intents: 1, kept: 2_500 });
});

test("Checkout/retry: a repeat of a wish that was fulfilled, and one of a checkout that is over, change nothing", async () => {
  const { view } = await opened(usd(2_500), "stripe");
  const chargeId = view.payment?.chargeId;
  await retry(view, "stripe", chargeId);
  expect(await retry(view, "stripe", chargeId)).toMatchObject({ payment: { attempt: 1 } });
  await mai.call(Checkout, view.checkoutId).cancel({});
  await reaches(view, { state: "abandoned" });
  expect(await retry(view, "stripe")).toMatchObject({ state: "abandoned", payment: { state: "voided" } });
});

test("Checkout/retry: the tenth attempt is the last (ATTEMPTS_SPENT), and the checkout still waits for it", async () => {
  const { view } = await opened(usd(2_500), "stripe");
  for (let attempt = 1; attempt < 10; attempt++)
    expect(await retry(view, "stripe")).toMatchObject({ payment: { attempt } });
  await expect(retry(view, "stripe")).rejects.toMatchObject({ code: "ATTEMPTS_SPENT", status: 409 });
  await payInBrowser(shop.sandbox.url, await viewOf(mai, view));
  await reaches(view, { state: "placed" });
  expect(await keptFor(shop, view.checkoutId)).toEqual({ intents: 10, kept: 2_500 });
}, 60_000);

test("Checkout/retry: ten attempts that failed for good end the checkout (ATTEMPTS_SPENT), and nothing is left", async () => {
  const { thing, view } = await opened();
  for (let attempt = 0; attempt < 10; attempt++) {
    await reaches(view, { payment: { attempt, state: "open" } });
    shop.sandbox.vnpay.pay(urlOf(await viewOf(mai, view)), "51");
  }
  await reaches(view, { state: "abandoned", refused: { code: "ATTEMPTS_SPENT" } });
  expect(await levelOf(thing)).toMatchObject({ held: 0, sold: 0, available: 3 });
}, 60_000);

test("Checkout/retry: a gateway that does not take the currency is refused (GATEWAY_UNFIT), a stranger's checkout is unknown (CHECKOUT_UNKNOWN)", async () => {
  const { view } = await opened(usd(2_500), "stripe");
  await expect(retry(view, "vnpay")).rejects.toMatchObject({ code: "GATEWAY_UNFIT", status: 422 });
  const linh = await buyer(shop);
  await expect(linh.call(Checkout, view.checkoutId).retry({ gateway: "stripe" })).rejects.toMatchObject({
    code: "CHECKOUT_UNKNOWN",
  });
  expect(await viewOf(mai, view)).toMatchObject({ payment: { attempt: 0, state: "open" } });
});
