import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ secretKey: "sk_test_supplier", webhookSecret: "whsec_test_supplier" });
});
beforeEach(() => sandbox.supplier.clear());
afterAll(() => sandbox.stop());

const body = JSON.stringify({ type: "purchase.sent", data: { purchaseId: "pur_1" } });
const tell = (messageId: string, secret: string = sandbox.supplier.secret) => {
  const at = new Date();
  const headers = {
    "webhook-id": messageId,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": new Webhook(secret).sign(messageId, at, body),
  };
  return fetch(sandbox.supplier.url, { method: "POST", headers, body, redirect: "manual" });
};
const another = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;

it("takes what is signed with its secret, knows a repeat by its id, and believes nothing else", async () => {
  for (const _ of [1, 2]) expect((await tell("m1")).status).toBe(200);
  expect((await tell("m2", another)).status).toBe(401);
  expect((await fetch(sandbox.supplier.url, { method: "POST", body })).status).toBe(401);
  expect(sandbox.supplier.list("pur_1").map(({ isRepeat }) => isRepeat)).toEqual([false, true]);
  expect(sandbox.supplier.counts()).toEqual({ asked: 4, unsigned: 2, taken: 2, messageIds: 1 });
});

it("goes wrong as it was told, a message each, and is well again", async () => {
  const to = "http://169.254.169.254/latest";
  sandbox.supplier.next({ kind: "status", status: 503 }, { kind: "redirect", to }, { kind: "cut" });
  expect((await tell("m1")).status).toBe(503);
  expect((await tell("m1")).headers.get("location")).toBe(to);
  await expect(tell("m1")).rejects.toThrow("fetch failed");
  expect((await tell("m1")).status).toBe(200);
  expect(sandbox.supplier.counts()).toMatchObject({ asked: 4, taken: 2, messageIds: 1 });
});
