import { afterAll, beforeAll, expect, test } from "vitest";
import { clientOf, openStage, refusalOf, SECRET_KEY, type Stage } from "../stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

type Answer = { error: { type: string; message: string; code?: string; param?: string } };
type Init = Omit<RequestInit, "headers"> & { headers?: Record<string, string> };
const raw = async (path: string, init: Init = {}) => {
  const headers = {
    authorization: `Bearer ${SECRET_KEY}`,
    "content-type": "application/x-www-form-urlencoded",
  };
  const response = await fetch(stage.sandbox.url + path, {
    ...init,
    headers: { ...headers, ...init.headers },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: () => JSON.parse(text) as Answer };
};
const post = (body: NonNullable<RequestInit["body"]>, headers: Record<string, string> = {}) =>
  raw("/v1/payment_intents", { method: "POST", body, headers });

test("a wrong key or none is 401, in both ways to send one", async () => {
  const wrong = await refusalOf(clientOf(stage.sandbox, "sk_test_wrong").paymentIntents.list());
  expect(wrong).toMatchObject({ type: "StripeAuthenticationError", statusCode: 401 });
  const none = await fetch(`${stage.sandbox.url}/v1/payment_intents`);
  expect(none.status).toBe(401);
  const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` });
  expect((await raw("/v1/payment_intents", { headers: basic(SECRET_KEY) })).status).toBe(200);
  expect((await raw("/v1/payment_intents", { headers: basic("sk_test_wrong") })).status).toBe(401);
});

test("every answer says that this is an emulator", async () => {
  for (const path of ["/", "/v1/payment_intents", "/v1/nothing", "/sandbox/state"]) {
    expect((await raw(path)).headers.get("x-emulator")).toBe("shopnexus-sandbox");
  }
  expect((await raw("/")).text).toContain("EMULATOR");
});

test("a browser of another origin may ask", async () => {
  const asked = await raw("/v1/payment_intents/pi_1/confirm", { method: "OPTIONS" });
  expect(asked.status).toBe(204);
  expect(asked.headers.get("access-control-allow-origin")).toBe("*");
  expect(asked.headers.get("access-control-allow-headers")).toContain("authorization");
});

test("an unknown path is Stripe's 404", async () => {
  for (const path of ["/v1/nothing", "/nothing", "/v1/payment_intents/pi_1/explode"]) {
    const { status, body } = await raw(path);
    expect(status).toBe(404);
    expect(body().error.type).toBe("invalid_request_error");
  }
});

test.each([
  ["no amount", "currency=usd", "amount"],
  ["a fraction", "amount=1.5&currency=usd", "amount"],
  ["nothing", "amount=0&currency=usd", "amount"],
  ["too much", "amount=100000000&currency=usd", "amount"],
  ["a list", "amount[]=1&currency=usd", "amount"],
  ["a field twice, once nested", "amount=1&amount[a]=1", "amount"],
  ["no currency", "amount=1", "currency"],
  ["a strange currency", "amount=1&currency=dollars", "currency"],
  ["an unknown field", "amount=1&currency=usd&colour=red", "colour"],
  ["a strange choice", "amount=1&currency=usd&capture_method=never", "capture_method"],
  ["nested metadata", "amount=1&currency=usd&metadata[a][b]=1", "metadata[a]"],
  ["an unknown expansion", "amount=1&currency=usd&expand[]=secrets", "expand"],
  ["a prototype", "amount=1&currency=usd&__proto__[polluted]=1", "__proto__"],
])("a body with %s is refused by its field", async (_, body, param) => {
  const answer = await post(body);
  expect(answer.status).toBe(400);
  expect(answer.body().error).toMatchObject({ type: "invalid_request_error", param });
});

test.each([
  ["noise", Buffer.from([0, 255, 254, 37, 37, 91])],
  ["broken escapes", "amount=%E0%A4%A"],
  ["open brackets", "metadata[a=1"],
  ["endless nesting", `a${"[a]".repeat(50)}=1`],
  ["two megabytes", "a".repeat(2 * 1024 * 1024)],
])("garbage is refused without a stack: %s", async (_, body) => {
  const answer = await post(body);
  expect(answer.status).toBe(400);
  expect(answer.body().error.type).toBe("invalid_request_error");
  expect(answer.text).not.toContain(".ts:");
});

test("JSON is refused: Stripe takes forms", async () => {
  expect((await post("{}", { "content-type": "application/json" })).status).toBe(400);
});

test("controls refuse garbage too", async () => {
  const faults = (body: string) =>
    raw("/sandbox/faults", { method: "POST", body, headers: { "content-type": "application/json" } });
  for (const body of [
    "{",
    "[]",
    '{"errorRate":2}',
    '{"errorrate":1}',
    '{"next":[{"match":"nonsense","kind":"cut"}]}',
  ]) {
    expect((await faults(body)).status).toBe(400);
  }
  expect((await raw("/sandbox/deliveries?limit=x")).status).toBe(400);
});

test("list: pages go through every intent once, and `created` cuts", async () => {
  const { paymentIntents } = stage.stripe;
  for (let amount = 1; amount <= 7; amount += 1) await paymentIntents.create({ amount, currency: "usd" });
  const page = await paymentIntents.list({ limit: 3 });
  expect(page).toMatchObject({ object: "list", has_more: true, url: "/v1/payment_intents" });
  expect(page.data.map(({ amount }) => amount)).toEqual([7, 6, 5]);
  const walked: number[] = [];
  for await (const { amount } of paymentIntents.list({ limit: 3 })) walked.push(amount);
  expect(walked).toEqual([7, 6, 5, 4, 3, 2, 1]);
  const back = await paymentIntents.list({ limit: 2, ending_before: page.data[2]?.id ?? "" });
  expect(back.data.map(({ amount }) => amount)).toEqual([7, 6]);
  const now = Math.floor(Date.now() / 1_000);
  expect((await paymentIntents.list({ created: { gt: now + 5 } })).data).toHaveLength(0);
  expect((await paymentIntents.list({ created: { gte: now - 60, lte: now + 5 } })).data).toHaveLength(7);
  const strange = await refusalOf(paymentIntents.list({ starting_after: "pi_nothing" }));
  expect(strange).toMatchObject({ code: "resource_missing", param: "starting_after" });
});
