import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { SandboxOptions } from "../server.ts";
import { openStage, type Stage } from "../stage.ts";
import { query } from "./query.ts";
import { refund } from "./refund.ts";
import { type Fields, listHash, signedQuery } from "./signature.ts";
import { stampOf } from "./time.ts";
import type { VnpayOptions } from "./world.ts";

export const TERMINAL = "SHOPTEST";
export const HASH_SECRET = "vnpay_stage_secret";

/** A merchant before the emulator, for tests. */
export type VnpayStage = {
  stage: Stage;
  /** A signed address for a payer: 150,000 VND for the reference, unless told otherwise. */
  payUrl(changes?: Fields, secret?: string): string;
  /** `POST` to the merchant API; signed unless a hash is given. */
  ask(command: "querydr" | "refund", fields: Fields): Promise<Fields>;
  [Symbol.asyncDispose](): Promise<void>;
};

const MINUTE_MS = 60_000;

export const openVnpayStage = async (
  vnpay: Partial<VnpayOptions> = {},
  options: Partial<SandboxOptions> = {},
): Promise<VnpayStage> => {
  const now = options.clock ?? Date.now;
  const merchant = { terminalCode: TERMINAL, hashSecret: HASH_SECRET, ...vnpay };
  const stage = await openStage({ ...options, vnpay: merchant });
  const wish = (changes: Fields): Fields => ({
    vnp_Version: "2.1.0",
    vnp_Command: "pay",
    vnp_TmnCode: TERMINAL,
    vnp_Amount: "15000000",
    vnp_CreateDate: stampOf(now()),
    vnp_ExpireDate: stampOf(now() + 15 * MINUTE_MS),
    vnp_CurrCode: "VND",
    vnp_IpAddr: "127.0.0.1",
    vnp_Locale: "vn",
    vnp_OrderInfo: "Thanh toan don hang: 7",
    vnp_OrderType: "other",
    vnp_ReturnUrl: "https://shop.test/paid?by=vnpay",
    vnp_TxnRef: randomUUID(),
    ...changes,
  });
  return {
    stage,
    payUrl: (changes = {}, secret = HASH_SECRET) =>
      `${stage.sandbox.vnpay.payUrl}?${signedQuery(wish(changes), secret)}`,
    ask: (command, fields) => ask(stage, signedRequest(command, fields, stampOf(now()))),
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
};

const signedRequest = (command: "querydr" | "refund", fields: Fields, createDate: string): Fields => {
  const body: Fields = {
    vnp_RequestId: randomUUID(),
    vnp_Version: "2.1.0",
    vnp_Command: command,
    vnp_TmnCode: TERMINAL,
    vnp_CreateDate: createDate,
    vnp_IpAddr: "127.0.0.1",
    vnp_OrderInfo: "Hoi don hang 7",
    ...(command === "refund" && { vnp_CreateBy: "operator", vnp_TransactionNo: "0" }),
    ...fields,
  };
  const { asks } = command === "refund" ? refund : query;
  return { vnp_SecureHash: listHash(body, asks, HASH_SECRET), ...body };
};

const ask = async ({ sandbox }: Stage, body: Fields): Promise<Fields> => {
  const headers = { "content-type": "application/json" };
  const response = await fetch(sandbox.vnpay.apiUrl, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  return (await response.json()) as Fields;
};

export type Heard = { url: URL; atMs: number };
export type Merchant = { url: string; heard: Heard[]; [Symbol.asyncDispose](): Promise<void> };

/** An IPN address that keeps what it hears and answers as it is told. */
export const openMerchant = async (
  answer: (count: number) => string = () => '{"RspCode":"00","Message":"Confirm Success"}',
): Promise<Merchant> => {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    heard.push({ url: new URL(request.url ?? "", "http://merchant.test"), atMs: performance.now() });
    response.end(answer(heard.length));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/vnpay`,
    heard,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
