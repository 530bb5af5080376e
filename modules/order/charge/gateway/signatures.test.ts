import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { openStripe } from "./stripe.ts";
import { openVnpay } from "./vnpay.ts";
import { readQuery, signedForm, signQuery } from "./vnpay-sign.ts";

/** A call of VNPay's as its open client for Node has it among its fixtures, with the secret that it is signed with. */
const SECRET = "test_secret";
const CALL = {
  vnp_Amount: "1000000",
  vnp_BankCode: "NCB",
  vnp_BankTranNo: "VNP14422574",
  vnp_CardType: "ATM",
  vnp_OrderInfo: "Thanh toan don hang 2024-05-21T02:17:31.249Z",
  vnp_PayDate: "20240521091806",
  vnp_ResponseCode: "00",
  vnp_TmnCode: "TEST_TMN_CODE",
  vnp_TransactionNo: "14422574",
  vnp_TransactionStatus: "00",
  vnp_TxnRef: "1716257871703",
};
const CALL_HASH =
  "649982421beb422556a1374713c74e58e716ecbd05007c0c0e1f7effdfaf361dbf146889ca446139afe11b9954c4d5c486e99e3b86fcfab6957f29eb0be72895";
/** The address of VNPay's own guide; its secret is not told, what is signed of it is. */
const GUIDE =
  "vnp_Amount=1806000&vnp_Command=pay&vnp_CreateDate=20210801153333&vnp_CurrCode=VND&vnp_IpAddr=127.0.0.1&vnp_Locale=vn&vnp_OrderInfo=Thanh+toan+don+hang+%3A5&vnp_OrderType=other&vnp_ReturnUrl=https%3A%2F%2Fdomainmerchant.vn%2FReturnUrl&vnp_TmnCode=DEMOV210&vnp_TxnRef=5&vnp_Version=2.1.0";

const queryOf = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields).toString();
const SIGNED = { ...CALL, vnp_SecureHash: CALL_HASH };

describe("VNPay's signature", () => {
  it("a call of VNPay's is read, in whatever order its fields come, and however its hash is written", () => {
    expect(readQuery(queryOf(SIGNED), SECRET)).toMatchObject(CALL);
    const turned = Object.fromEntries(Object.entries(SIGNED).toReversed());
    expect(readQuery(queryOf(turned), SECRET)).toMatchObject(CALL);
    const loud = { ...CALL, vnp_SecureHash: CALL_HASH.toUpperCase(), vnp_SecureHashType: "HMACSHA512" };
    expect(readQuery(queryOf(loud), SECRET)).toMatchObject(CALL);
  });

  it("what is signed of the guide's own address is that address", () => {
    const fields = Object.fromEntries(new URLSearchParams(`${GUIDE}&vnp_SecureHash=00`));
    expect(signedForm(fields)).toBe(GUIDE);
  });

  it("a signature is what the machine's own cryptography makes of the same text", () => {
    const hash = createHmac("sha512", "another secret").update(GUIDE).digest("hex");
    const fields = Object.fromEntries(new URLSearchParams(GUIDE));
    expect(signQuery(fields, "another secret")).toBe(`${GUIDE}&vnp_SecureHash=${hash}`);
  });

  it.each(Object.keys(CALL))("%s: changed, emptied or left out, the call is none of VNPay's", (name) => {
    const value = CALL[name as keyof typeof CALL];
    const { [name]: _, ...without } = SIGNED as Record<string, string>;
    for (const tampered of [{ ...SIGNED, [name]: `${value}0` }, { ...SIGNED, [name]: "" }, without])
      expect(readQuery(queryOf(tampered), SECRET)).toBeUndefined();
  });

  it("a field more, a field twice, another hash, half a hash and none are refused", () => {
    for (const query of [
      queryOf({ ...SIGNED, vnp_Extra: "1" }),
      `${queryOf(SIGNED)}&vnp_Amount=1`,
      queryOf({ ...CALL, vnp_SecureHash: CALL_HASH.replace("6", "7") }),
      queryOf({ ...CALL, vnp_SecureHash: CALL_HASH.slice(0, 64) }),
      queryOf({ ...CALL, vnp_SecureHash: "" }),
      queryOf(CALL),
      "",
    ])
      expect(readQuery(query, SECRET)).toBeUndefined();
  });

  it("another secret does not verify it, and an empty one verifies nothing, whoever signed with it", () => {
    expect(readQuery(queryOf(SIGNED), "other_secret")).toBeUndefined();
    expect(readQuery(signQuery(CALL, ""), "")).toBeUndefined();
  });

  it("a call for another terminal is none of ours, though it is signed", () => {
    const settings = { hashSecret: SECRET, payUrl: "", apiUrl: "", returnUrl: "" };
    const event = (terminalCode: string) =>
      openVnpay({ ...settings, terminalCode }).event(queryOf(SIGNED), "");
    expect(event("OTHERS")).toBeUndefined();
    expect(event("TEST_TMN_CODE")).toMatchObject({
      kind: "ipn.00",
      amount: { minor: 10_000, currency: "VND" },
      report: { ref: CALL.vnp_TxnRef, paid: { minor: 10_000, currency: "VND" }, isDead: false },
    });
  });
});

const WEBHOOK_SECRET = "whsec_some_secret";
const EVENT = {
  id: "evt_1",
  object: "event",
  type: "payment_intent.succeeded",
  data: {
    object: {
      id: "pi_1",
      object: "payment_intent",
      status: "succeeded",
      amount_received: 2_500,
      currency: "usd",
      metadata: { charge_id: "chg_1" },
    },
  },
};

describe("Stripe's signature", () => {
  const stripe = (webhookSecret = WEBHOOK_SECRET) => openStripe({ secretKey: "sk_test_x", webhookSecret });
  /** As Stripe's guide says it: HMAC-SHA256 of the time, a dot and the body; computed here without its package. */
  const sign = (payload: string, secret = WEBHOOK_SECRET, ageMs = 0) => {
    const time = Math.floor((Date.now() - ageMs) / SECOND_MS);
    return { time, hash: createHmac("sha256", secret).update(`${time}.${payload}`).digest("hex") };
  };
  const payload = JSON.stringify(EVENT);

  it("an event that is signed as the guide says is read", () => {
    const { time, hash } = sign(payload);
    expect(stripe().event(payload, `t=${time},v1=${hash}`)).toMatchObject({
      eventId: "evt_1",
      report: { ref: "pi_1", chargeId: "chg_1", paid: { minor: 2_500, currency: "USD" } },
    });
    expect(stripe().event(payload, `t=${time},v1=${"0".repeat(64)},v1=${hash},v0=other`)).toBeDefined();
  });

  it.each([
    ["its id", '"evt_1"', '"evt_2"'],
    ["its kind", "succeeded", "failed"],
    ["the payment", '"pi_1"', '"pi_2"'],
    ["the amount", "2500", "2501"],
    ["the currency", '"usd"', '"vnd"'],
    ["the charge", '"chg_1"', '"chg_2"'],
    ["a space", ",", ", "],
  ])("an event with %s changed is none of Stripe's", (_what, from, to) => {
    const { time, hash } = sign(payload);
    expect(payload).toContain(from);
    expect(stripe().event(payload.replace(from, to), `t=${time},v1=${hash}`)).toBeUndefined();
  });

  it("another time, another hash, another scheme and an old event are refused", () => {
    const { time, hash } = sign(payload);
    const old = sign(payload, WEBHOOK_SECRET, 301 * SECOND_MS);
    for (const signature of [
      `t=${time + 1},v1=${hash}`,
      `t=${time},v1=${hash.replace(/^./, (first) => (first === "0" ? "1" : "0"))}`,
      `t=${time},v0=${hash}`,
      `t=${old.time},v1=${old.hash}`,
      `v1=${hash}`,
      "",
    ])
      expect(stripe().event(payload, signature)).toBeUndefined();
  });

  it("another secret does not verify it, and an empty one verifies nothing", () => {
    const { time, hash } = sign(payload, "");
    expect(stripe("").event(payload, `t=${time},v1=${hash}`)).toBeUndefined();
    const other = sign(payload, "whsec_other");
    expect(stripe().event(payload, `t=${other.time},v1=${other.hash}`)).toBeUndefined();
  });
});
