import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ChargeOrder } from "@shopnexus/contracts/order/payment";
import { signQuery } from "../gateway/vnpay-sign.ts";
import { giveBack } from "../give-back.ts";
import { inspect } from "../inspect.ts";
import { open } from "../open.ts";
import { record } from "../record.ts";
import { retire } from "../retire.ts";
import { settle } from "../settle.ts";
import { void as voidCharge } from "../void.ts";
import { type ChargeStage, newDongOrder, newOrder, openChargeStage } from "./stage.ts";

let stage: ChargeStage;
beforeAll(async () => {
  stage = await openChargeStage();
});
afterAll(() => stage?.close());
beforeEach(() => stage.gateway.sandbox.vnpay.faults.clear());

const vnpay = () => stage.gateway.sandbox.vnpay;
const opened = async (order: ChargeOrder = newDongOrder()) => {
  await stage.claim(order);
  await open(order, stage.scene());
  const row = await stage.row(order.chargeId);
  return { order, chargeId: order.chargeId, url: row?.redirectUrl ?? "", ref: row?.gatewayRef ?? "" };
};
/** What VNPay calls us with: the same signed fields that the buyer's browser comes back with. */
const callOf = (returnUrl: string) => new URL(returnUrl).search.slice(1);
const heard = (payload: string) => record({ gateway: "vnpay", payload, signature: "" }, stage.scene());
const refundsOf = (ref: string) =>
  (vnpay().payments(ref)[0]?.transactions ?? []).filter(({ type }) => type !== "01");

describe("Charge/open at VNPay", () => {
  it("the buyer is sent to a page that VNPay takes: amount times a hundred, and the same address in every repeat", async () => {
    const { order, url, ref } = await opened();
    expect(ref).toMatch(/^[0-9a-f]{32}[0-9]{14}$/);
    const { payment, transaction } = vnpay().pay(url, "51");
    expect([payment.id, payment.amount, transaction.status]).toEqual([ref, 25_000_000, "02"]);
    await stage.database.db.execute(
      `update "order".charge set state = 'opening', gateway_ref = null where charge_id = '${order.chargeId}'`,
    );
    await open(order, stage.scene());
    expect((await stage.row(order.chargeId))?.redirectUrl).toBe(url);
  });

  it("another currency, too little and too much are refused (AMOUNT_UNPAYABLE)", async () => {
    for (const order of [
      { ...newDongOrder(), amount: newOrder().amount },
      newDongOrder(4_999),
      newDongOrder(1_000_000_000),
    ])
      await expect(open(order, stage.scene())).rejects.toMatchObject({ code: "AMOUNT_UNPAYABLE" });
  });

  it("a shop without its keys does not take it (GATEWAY_UNAVAILABLE), and the void of such an attempt never refuses", async () => {
    const scene = stage.scene();
    const { vnpay: _, ...settings } = scene.settings;
    const order = newDongOrder();
    await expect(open(order, { ...scene, settings })).rejects.toMatchObject({
      code: "GATEWAY_UNAVAILABLE",
    });
    expect(await voidCharge(order, { ...scene, settings })).toEqual({ returned: null });
    const event = record({ gateway: "vnpay", payload: "a=1", signature: "" }, { ...scene, settings });
    await expect(event).rejects.toMatchObject({ code: "GATEWAY_UNAVAILABLE" });
  });
});

describe("what VNPay calls us with", () => {
  it("a payment is taken once, known ever after, and settles as asked", async () => {
    const { order, chargeId, url, ref } = await opened();
    const call = callOf(vnpay().pay(url).returnUrl);
    expect(await heard(call)).toEqual({ charge: order, next: "signal", heard: "taken", chargeback: null });
    expect(await heard(call)).toMatchObject({ next: "signal", heard: "known" });
    expect(await stage.row(chargeId)).toMatchObject({ state: "paid", paidMinor: 250_000, paidRef: ref });
    expect(await settle({ chargeId }, stage.scene())).toEqual({ amount: order.amount });
    expect(await heard(call)).toMatchObject({ next: "nothing", heard: "known" });
  });

  it("a call that somebody else made up is refused (SIGNATURE_INVALID), and nothing is kept of it", async () => {
    const { chargeId, url } = await opened();
    const call = callOf(vnpay().pay(url).returnUrl);
    const forged = call.replace("vnp_ResponseCode=00", "vnp_ResponseCode=24");
    await expect(heard(forged)).rejects.toMatchObject({ code: "SIGNATURE_INVALID" });
    expect(await stage.row(chargeId)).toMatchObject({ state: "open", paidMinor: null });
  });

  it("another amount, though VNPay itself signs it, is not believed: VNPay is asked instead", async () => {
    const { chargeId, url } = await opened();
    const { returnUrl } = vnpay().pay(url);
    const fields = Object.fromEntries(new URL(returnUrl).searchParams);
    const signed = signQuery(
      { ...fields, vnp_Amount: "2500000" },
      stage.scene().settings.vnpay?.hashSecret ?? "",
    );
    expect(await heard(signed)).toMatchObject({ next: "nothing", heard: "amount_differs" });
    expect(await stage.row(chargeId)).toMatchObject({ state: "open", paidMinor: null });
    expect(await inspect({ chargeId }, stage.scene())).toMatchObject({ next: "signal" });
    expect(await stage.row(chargeId)).toMatchObject({ state: "paid", paidMinor: 250_000 });
  });

  it("a reference that is none of ours is unknown, also one that names a charge of ours at another time", async () => {
    const { url, ref } = await opened();
    const { returnUrl } = vnpay().pay(url);
    const fields = Object.fromEntries(new URL(returnUrl).searchParams);
    const secret = stage.scene().settings.vnpay?.hashSecret ?? "";
    for (const other of ["5", `${"0".repeat(32)}20260101000000`, `${ref.slice(0, 32)}20200101000000`])
      expect(await heard(signQuery({ ...fields, vnp_TxnRef: other }, secret))).toMatchObject({
        next: "nothing",
        heard: "unknown",
      });
  });

  it("a payment that failed ends its attempt, and money that comes by it after all goes back", async () => {
    const { order, chargeId, url, ref } = await opened();
    expect(await heard(callOf(vnpay().pay(url, "24").returnUrl))).toMatchObject({
      next: "renew",
      heard: "taken",
    });
    expect(await stage.told(order.checkoutId)).toEqual(["payment_declined"]);
    expect(await retire({ chargeId }, stage.scene())).toEqual({ state: "voided" });
    expect(await heard(callOf(vnpay().pay(ref).returnUrl))).toMatchObject({ next: "return" });
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: order.amount });
    expect(refundsOf(ref)).toMatchObject([{ type: "02", amount: 25_000_000 }]);
    expect(await voidCharge(order, stage.scene())).toEqual({ returned: order.amount });
    expect(refundsOf(ref)).toHaveLength(1);
  });

  it("money that is debited but suspect is no payment, and ends nothing", async () => {
    const { chargeId, url } = await opened();
    expect(await heard(callOf(vnpay().pay(url, "07").returnUrl))).toMatchObject({ next: "nothing" });
    expect(await inspect({ chargeId }, stage.scene())).toMatchObject({ next: "nothing" });
    expect(await stage.row(chargeId)).toMatchObject({ state: "open" });
  });
});

describe("what VNPay is asked", () => {
  it("a page that nobody opened is unpaid; one that was paid is found without any call", async () => {
    const { order, chargeId, url } = await opened();
    expect(await inspect({ chargeId }, stage.scene())).toEqual({ charge: order, next: "nothing" });
    vnpay().pay(url);
    expect(await inspect({ chargeId }, stage.scene())).toEqual({ charge: order, next: "signal" });
  });

  it("an API that is down is a fault, and no answer", async () => {
    const { chargeId } = await opened();
    vnpay().faults.set({ errorRate: 1 });
    await expect(inspect({ chargeId }, stage.scene())).rejects.toThrow("VNPay");
  });

  it("who answers with another secret is not VNPay", async () => {
    const { chargeId, url } = await opened();
    vnpay().pay(url);
    const scene = stage.scene();
    const settings = { ...scene.settings, vnpay: { ...scene.settings.vnpay, hashSecret: "x" } };
    await expect(inspect({ chargeId }, { ...scene, settings } as typeof scene)).rejects.toThrow("VNPay");
    expect(await stage.row(chargeId)).toMatchObject({ state: "open" });
  });

  it("a replaced attempt that was paid meanwhile wins", async () => {
    const { chargeId, url } = await opened();
    vnpay().pay(url);
    expect(await retire({ chargeId }, stage.scene())).toEqual({ state: "paid" });
  });

  it("money back in parts, each once, though an answer is lost: never more than was paid", async () => {
    const { order, chargeId, url, ref } = await opened();
    vnpay().pay(url);
    await inspect({ chargeId }, stage.scene());
    await settle({ chargeId }, stage.scene());
    const back = (key: string, minor: number) =>
      giveBack({ key, checkoutId: order.checkoutId, orderId: `ord_${"0".repeat(32)}`, minor }, stage.scene());
    vnpay().faults.set({
      next: [{ match: "POST /vnpay/merchant_webapi/api/transaction", kind: "cut", times: 2 }],
    });
    await expect(back("one", 100_000)).rejects.toThrow("fetch failed");
    vnpay().faults.clear();
    for (let times = 0; times < 3; times++)
      expect(await back("one", 100_000)).toMatchObject({ gatewayMinor: 100_000, state: "paid" });
    expect(await back("two", 150_000)).toMatchObject({ gatewayMinor: 150_000, state: "paid" });
    expect(refundsOf(ref).map(({ amount }) => amount)).toEqual([10_000_000, 15_000_000]);
    await expect(back("three", 1)).rejects.toThrow("This cannot be");
  });
});
