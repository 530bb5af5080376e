/** Secrets stay out of the logs, and a webhook is only believed when it is signed, and only acknowledged when it is kept. */
import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Login } from "@shopnexus/contracts/account/login";
import { Supplier } from "@shopnexus/contracts/inventory/supplier";
import { HOUR_MS, MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { connect } from "@shopnexus/contracts/client";
import { contentsOf } from "#tools/testkit/contents.ts";
import { knock } from "#tools/testkit/knock.ts";
import { basketOf, buyer, checkOut, payInBrowser, person, renewed, seller } from "#tools/testkit/people.ts";
import { openShop, type TestShop, WHOLE_CHILD } from "#tools/testkit/shop.ts";

/** Faults are waited out, on purpose. */
vi.setConfig({ testTimeout: 60_000 });

/** Makes a table unreachable for as long as `work` takes: whatever needs it fails with its statement in hand. */
const without = async (
  shop: TestShop,
  [schema, table]: readonly [string, string],
  work: () => Promise<void>,
): Promise<void> => {
  const [whole, hidden] = [`"${schema}"."${table}"`, `"${schema}"."${table}_away"`];
  await shop.sql.unsafe(`alter table ${whole} rename to "${table}_away"`);
  try {
    await work();
  } finally {
    await shop.sql.unsafe(`alter table ${hidden} rename to "${table}"`);
  }
};

describe("logs at their most talkative", () => {
  let shop: TestShop;
  let output = "";
  beforeAll(async () => {
    shop = await openShop(WHOLE_CHILD, { logLevel: "debug", onOutput: (text) => (output += text) });
  });
  afterAll(() => shop.stop());

  test("a purchase, failed sign-ins, faults of the database and of the gateway put no secret into them", async () => {
    const secrets: Record<string, string> = {};
    const keep = (name: string, secret: string): void => {
      expect([name, secret.length]).toEqual([name, expect.any(Number)]);
      expect(secret.length).toBeGreaterThan(7);
      secrets[name] = secret;
    };
    const [mai, an] = await Promise.all([buyer(shop), seller(shop)]);
    const goods = await an.offer(1_999, 10);
    keep("the first access token", mai.tokens.accessToken);
    keep("the first refresh token", mai.tokens.refreshToken);
    await renewed(shop, mai);
    keep("a password", mai.password);
    keep("the second access token", mai.tokens.accessToken);
    keep("the second refresh token", mai.tokens.refreshToken);

    const paid = await checkOut(mai, basketOf(mai, [goods]));
    keep("a client secret", paid.payment?.clientSecret ?? "");
    await payInBrowser(shop.sandbox.url, paid);
    expect((await mai.call(Checkout, paid.checkoutId).look({})).state).toBe("placed");
    await mai.call(Order).timeline({ checkoutId: paid.checkoutId });

    const stranger = connect({ ingress: shop.ingressUrl, retryCount: 0, timeoutMs: 1_500 });
    const wrong = "a password that is wrong";
    keep("a wrong password", wrong);
    await expect(stranger.call(Login).signIn({ email: mai.email, password: wrong })).rejects.toThrow(
      /belong/,
    );
    await knock(`${shop.ingressUrl}/Login/signIn`, { body: JSON.stringify({ email: 1, password: wrong }) });
    await knock(`${shop.edgeUrl()}/sessions`, { body: `{"email":"${mai.email}","password":"${wrong}"` });
    await knock(`${shop.edgeUrl()}/sessions/refresh`, {
      body: JSON.stringify({ refreshToken: mai.tokens.refreshToken.slice(1) }),
    });

    const late = "a password in a fault";
    keep("a password on its way into a fault", late);
    await without(shop, ["account", "account"], async () => {
      const email = `late-${Date.now()}@example.com`;
      await expect(
        stranger.call(Login).register({ email, password: late, displayName: "Late" }),
      ).rejects.toThrow("did not answer");
      await expect(stranger.call(Login).signIn({ email: mai.email, password: mai.password })).rejects.toThrow(
        "did not answer",
      );
    });
    await without(shop, ["account", "session"], async () => {
      await expect(stranger.call(Login).refresh({ refreshToken: mai.tokens.refreshToken })).rejects.toThrow(
        "did not answer",
      );
      await knock(`${shop.edgeUrl()}/me`, {
        method: "GET",
        authorization: `Bearer ${mai.tokens.accessToken}`,
      });
    });
    await without(shop, ["order", "charge"], async () => {
      const sent = await mai.send(Checkout, paid.checkoutId).look({});
      expect(sent.invocationId).toBeTruthy();
      await sleep(500);
    });

    const supplier = { name: "Acme", email: "orders@acme.example", leadDays: 1 };
    const { supplierId } = await an.call(Supplier).put(supplier);
    const webhook = { supplierId, url: "https://hooks.example/", secret: `whsec_${"A".repeat(32)}` };
    keep("a supplier's webhook secret", webhook.secret);
    await an.call(Supplier).hook(webhook);
    await expect(an.call(Supplier).hook({ ...webhook, url: "https://127.0.0.1/" })).rejects.toThrow("https");
    await without(shop, ["inventory", "supplier"], async () => {
      await an.send(Supplier).hook(webhook);
      await sleep(500);
    });

    // Longer than the gateway's own client tries again: the fault reaches the journal, and the journal outlives it.
    shop.sandbox.faults.set({ errorRate: 1 });
    const calm = sleep(3_000).then(() => shop.sandbox.faults.clear());
    const second = await checkOut(mai, basketOf(mai, [goods]));
    keep("the second client secret", second.payment?.clientSecret ?? "");
    await calm;

    const {
      AUTH_PRIVATE_JWK = "",
      STRIPE_SECRET_KEY = "",
      STRIPE_WEBHOOK_SECRET = "",
      DATABASE_URL = "",
    } = shop.environment;
    keep("Stripe's key", STRIPE_SECRET_KEY);
    keep("the webhook secret", STRIPE_WEBHOOK_SECRET);
    keep("the private key", (JSON.parse(AUTH_PRIVATE_JWK) as { d: string }).d);
    const databasePassword = decodeURIComponent(new URL(DATABASE_URL).password);
    if (databasePassword !== "") keep("the database's address", DATABASE_URL);
    await sleep(500);

    expect(output).toMatch(/"level":"debug"/);
    expect(output).toMatch(/"level":"warn"/);
    expect(output.split("\n").length).toBeGreaterThan(20);
    const leaks = Object.entries(secrets).flatMap(([name, secret]) => {
      const at = output.indexOf(secret);
      return at < 0 ? [] : [`${name}: …${output.slice(Math.max(0, at - 300), at)}<here>`];
    });
    expect(leaks).toEqual([]);
    for (const shape of [
      /eyJ[\w-]+\.eyJ[\w-]+/,
      /\$argon2id\$/,
      /_secret_\w+/,
      /whsec_\w+/,
      /sk_(test|live)_\w+/,
      /v1=[0-9a-f]{64}/,
    ])
      expect(output).not.toMatch(shape);
  });

  test("no page of the edge shows a key or an address with a password", async () => {
    for (const path of ["/health", "/ready", "/metrics", "/.well-known/jwks.json", "/openapi.json"]) {
      const { text } = await knock(shop.edgeUrl() + path, { method: "GET" });
      expect([path, /"d":|sk_test_|whsec_\w|postgres:\/\//.test(text)]).toEqual([path, false]);
    }
  });
});

describe("webhooks", () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.stop());

  let eventCount = 0;
  const event = (kind = "customer.created") =>
    JSON.stringify({
      id: `evt_test_${eventCount++}`,
      object: "event",
      type: kind,
      data: { object: { object: "customer", id: "cus_1" } },
    });
  const sign = (
    payload: string,
    atMs = Date.now(),
    secret = shop.environment["STRIPE_WEBHOOK_SECRET"] ?? "",
  ): string => {
    const at = Math.floor(atMs / 1_000);
    return `t=${at},v1=${createHmac("sha256", secret).update(`${at}.${payload}`).digest("hex")}`;
  };
  const deliver = (payload: string, signature?: string) =>
    knock(`${shop.edgeUrl()}/webhooks/stripe`, {
      body: payload,
      headers: signature === undefined ? {} : { "stripe-signature": signature },
    });
  const kept = async (): Promise<string[]> =>
    (await shop.sql<Array<{ id: string }>>`select event_id as id from "order".gateway_event order by 1`).map(
      ({ id }) => id,
    );

  test("a signed event is kept once, however often it comes", async () => {
    const payload = event();
    expect(await deliver(payload, sign(payload))).toMatchObject({ status: 200 });
    expect(await deliver(payload, sign(payload))).toMatchObject({ status: 200 });
    expect(await kept()).toEqual([(JSON.parse(payload) as { id: string }).id]);
  });

  test("a wrong, an old, an empty or a missing signature is refused with SIGNATURE_INVALID and changes nothing", async () => {
    const mai = await person(shop);
    expect(mai.accountId).toBeTruthy();
    const before = await contentsOf(shop.sql);
    const payload = event("payment_intent.succeeded");
    const other = event("payment_intent.succeeded");
    const signatures: Record<string, string | undefined> = {
      "another secret's": sign(payload, Date.now(), "whsec_of_somebody_else"),
      "an empty secret's": sign(payload, Date.now(), ""),
      "another event's": sign(other),
      "ten minutes old": sign(payload, Date.now() - 10 * MINUTE_MS),
      empty: "",
      missing: undefined,
      "a time alone": `t=${Math.floor(Date.now() / 1_000)}`,
      "a hash alone": sign(payload).replace(/^t=\d+,/, ""),
      words: "trust me",
    };
    for (const [name, signature] of Object.entries(signatures))
      expect([name, await deliver(payload, signature)]).toMatchObject([
        name,
        { status: 400, code: "SIGNATURE_INVALID" },
      ]);
    expect([await deliver(`${payload} `, sign(payload))]).toMatchObject([
      { status: 400, code: "SIGNATURE_INVALID" },
    ]);
    expect(await contentsOf(shop.sql)).toEqual(before);
  });

  test("a signature from an hour ahead is a clock's fault, not a proof of age: the event is still only kept once", async () => {
    const payload = event();
    const { status } = await deliver(payload, sign(payload, Date.now() + HOUR_MS));
    expect([200, 400]).toContain(status);
    expect((await kept()).filter((id) => payload.includes(id)).length).toBe(status === 200 ? 1 : 0);
  });

  test("an event that cannot be kept is not answered 2xx; delivered again it is kept, once", async () => {
    const payload = event();
    const { id } = JSON.parse(payload) as { id: string };
    await without(shop, ["order", "gateway_event"], async () => {
      const { status, code, ms } = await deliver(payload, sign(payload));
      expect({ status, code }).toEqual({ status: 503, code: "UNAVAILABLE" });
      expect(ms).toBeLessThan(10_000);
    });
    expect(await deliver(payload, sign(payload))).toMatchObject({ status: 200 });
    expect((await kept()).filter((one) => one === id)).toEqual([id]);
    await expect.poll(kept, { timeout: 20_000 }).toContain(id);
  });
});
