/** The HTTP edge as its visitors meet it. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import postgres from "postgres";
import { newAttemptId } from "@shopnexus/contracts/client";
import { PAGES } from "@shopnexus/contracts/pages";
import { restateSql } from "#app/restate-sql.ts";
import { type Knock, knock, type Reply } from "#tools/testkit/knock.ts";
import {
  basketOf,
  type Buyer,
  buyer,
  type Goods,
  type Person,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";

let shop: TestShop;
let mai: Buyer;
let eve: Buyer;
let an: Seller;
let goods: Goods;
beforeAll(async () => {
  shop = await openShop();
  [mai, eve, an] = await Promise.all([buyer(shop), buyer(shop), seller(shop)]);
  goods = await an.offer(2_500, 100);
});
afterAll(() => shop.stop());

const get = (path: string, who?: Person): Promise<Reply> => visit(`GET ${path}`, who);
/** `POST /checkouts`, as somebody or nobody. */
const visit = (card: string, who?: Person, sent: Knock = {}): Promise<Reply> => {
  const [method = "", path = ""] = card.split(" ");
  const authorization = who === undefined ? undefined : `Bearer ${who.tokens.accessToken}`;
  return knock(shop.edgeUrl() + path, { ...sent, method, authorization });
};

const invocations = (what: string, condition = "true") =>
  restateSql(shop.adminUrl, `select ${what} from sys_invocation where ${condition}`);

describe("the edge tells how it is", () => {
  test("health: the process is up; ready: it can serve, and which modules", async () => {
    expect(await get("/health")).toMatchObject({ status: 200, body: { status: "up" } });
    expect(await get("/ready")).toMatchObject({
      status: 200,
      body: { status: "ready", services: Object.keys(PAGES) },
    });
  });

  test("ready is 503 while the database lets nobody in, health stays 200, and both recover by themselves", async () => {
    const { pathname } = new URL(shop.databaseUrl);
    const name = pathname.slice(1);
    const keeper = postgres(Object.assign(new URL(shop.databaseUrl), { pathname: "/postgres" }).toString(), {
      max: 1,
    });
    try {
      await keeper.unsafe(`alter database ${name} with allow_connections false`);
      await keeper`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
      expect(await get("/ready")).toMatchObject({ status: 503, body: { status: "not ready" } });
      expect(await get("/health")).toMatchObject({ status: 200 });
      expect(await get("/categories")).toMatchObject({ status: 500, code: "FAULT" });
    } finally {
      await keeper.unsafe(`alter database ${name} with allow_connections true`);
      await keeper.end();
    }
    await expect.poll(async () => (await get("/ready")).status, { timeout: 20_000 }).toBe(200);
    expect(await get("/categories")).toMatchObject({ status: 200 });
  });

  test("metrics: attempts by operation and outcome, in Prometheus's words", async () => {
    const { status, text } = await get("/metrics");
    expect(status).toBe(200);
    expect(text).toMatch(/^# TYPE shopnexus_attempt_seconds histogram$/m);
    expect(text).toMatch(
      /shopnexus_attempt_seconds_count\{operation="Login\/signIn",outcome="answered"[^}]*\} [1-9]/,
    );
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  });

  test("jwks: the public half of the key that signs access tokens, and nothing of the private one", async () => {
    const { status, body } = await get("/.well-known/jwks.json");
    expect({ status, body }).toEqual({
      status: 200,
      body: { keys: [{ kty: "OKP", crv: "Ed25519", x: expect.any(String), alg: "EdDSA", use: "sig" }] },
    });
    const { keys } = body as { keys: Array<Record<string, string>> };
    const key = await crypto.subtle.importKey("jwk", keys[0] ?? {}, "Ed25519", false, ["verify"]);
    const [head = "", payload = "", signature = ""] = mai.tokens.accessToken.split(".");
    const isOurs = await crypto.subtle.verify(
      "Ed25519",
      key,
      Buffer.from(signature, "base64url"),
      Buffer.from(`${head}.${payload}`),
    );
    expect(isOurs).toBe(true);
  });
});

type Document = {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Described>>;
};
type Described = {
  operationId: string;
  parameters: Array<{ name: string; in: string; required: boolean; schema: object }>;
  responses: Record<string, { description: string }>;
  requestBody?: { content: Record<string, { schema: object }> };
};

describe("the reference", () => {
  test("openapi.json is OpenAPI 3.1: every card once, every path parameter declared, every operation named once", async () => {
    const { body } = await get("/openapi.json");
    const { openapi, info, paths } = body as Document;
    expect(openapi).toMatch(/^3\.1\.\d+$/);
    expect(info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    const cards = Object.values(PAGES)
      .flat()
      .flatMap(({ _handlers }) =>
        Object.values(_handlers).flatMap(({ card }) =>
          [card.http ?? [], card.events ?? [], (card.files ?? []).map(({ route }) => route)].flat(),
        ),
      );
    expect(described.map(({ path, method }) => `${method.toUpperCase()} ${path}`).toSorted()).toEqual(
      cards.toSorted(),
    );
    expect(new Set(described.map(({ operation }) => operation.operationId)).size).toBe(cards.length);
    for (const { path, method, operation } of described) {
      const inPath = operation.parameters.filter((parameter) => parameter.in === "path");
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.every(({ required }) => required)).toBe(true);
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(["200", "400"]));
      expect(method === "get" && operation.requestBody !== undefined).toBe(false);
    }
    expect(JSON.stringify(body)).not.toMatch(/"\$ref"|\$schema/);
  });

  test("the page names no address outside, and all that it names answers 200 from here", async () => {
    const { status, text } = await get("/reference");
    expect(status).toBe(200);
    expect(text).not.toMatch(/https?:|["'(]\/\//);
    const assets = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = ""]) => path);
    expect(assets.length).toBeGreaterThan(2);
    for (const path of assets) {
      expect(path.startsWith("/")).toBe(true);
      const asset = await get(path);
      expect([path, asset.status]).toEqual([path, 200]);
      expect(asset.text.length).toBeGreaterThan(10);
    }
  });
});

/** How often Restate had each operation attempted here, but for the clocks'. */
const attempts = async (): Promise<Record<string, number>> => {
  const { text } = await get("/metrics");
  const counts = text.matchAll(/^shopnexus_attempt_seconds_count\{operation="([^"]+)"[^}]*\} (\d+)$/gm);
  return Object.fromEntries([...counts].map(([, operation = "", count]) => [operation, Number(count)]));
};

/** How many reads Restate remembers. */
const reads = async (): Promise<number> => {
  const rows = await invocations("target", "target_service_name not like '%Cron'");
  return rows.filter(({ target }) => /\/(read|list|browse|me|level|movements)$/.test(String(target))).length;
};

describe("http cards", () => {
  test("a read is answered in this process: Restate sees no invocation of it", async () => {
    const paths: Array<readonly [string, Person | undefined]> = [
      ["/categories", undefined],
      ["/listings?limit=2", undefined],
      [`/listings/${goods.listingId}`, undefined],
      [`/skus/${goods.skuId}/level`, undefined],
      [`/skus/${goods.skuId}/movements`, an],
      ["/me", mai],
      ["/me/addresses", mai],
      ["/me/cart", mai],
      ["/orders", mai],
    ];
    const before = await attempts();
    const seen = await reads();
    for (const [path, who] of paths) expect([path, (await get(path, who)).status]).toEqual([path, 200]);
    expect(await attempts()).toEqual(before);
    expect(await reads()).toBe(seen);
  });

  test("a read at the ingress is an invocation: what the test above does not see could be seen", async () => {
    const before = await attempts();
    const seen = await reads();
    await knock(`${shop.ingressUrl}/Category/list`, { body: "{}" });
    expect((await attempts())["Category/list"]).toBe((before["Category/list"] ?? 0) + 1);
    expect(await reads()).toBe(seen + 1);
  });

  test("what the edge answers is what the ingress answers", async () => {
    const atIngress = await knock(`${shop.ingressUrl}/Listing/read`, {
      body: JSON.stringify({ listingId: goods.listingId }),
    });
    expect((await get(`/listings/${goods.listingId}`)).body).toEqual(atIngress.body);
    const { body, status } = await get(`/listings/lst_${"0".repeat(32)}`);
    expect({ status, body }).toEqual({
      status: 404,
      body: { code: "LISTING_UNKNOWN", message: "There is no such listing.", data: {} },
    });
  });

  test("a step goes through Restate, with path, body and token in place", async () => {
    const receiptId = randomUUID();
    const path = `/skus/${goods.skuId}/receipts`;
    const reply = await visit(`POST ${path}`, an, { body: JSON.stringify({ receiptId, pieces: 7 }) });
    expect(reply).toMatchObject({ status: 200, body: { skuId: goods.skuId, onHand: 107 } });
    const other = await an.offer(100, 0);
    const forged = await visit(`POST ${path}`, an, {
      body: JSON.stringify({ receiptId: randomUUID(), pieces: 1, skuId: other.skuId }),
    });
    expect(forged).toMatchObject({ status: 200, body: { skuId: goods.skuId, onHand: 108 } });
  });
});

describe("the Idempotency-Key header", () => {
  const buy = (who: Buyer, key: string, pieces = 1): Promise<Reply> =>
    visit("POST /checkouts", who, {
      body: JSON.stringify(basketOf(who, [goods], pieces)),
      headers: { "idempotency-key": key },
    });
  const checkoutOf = ({ body }: Reply): string => String((body as { checkoutId?: string }).checkoutId);

  test("fills attemptId: the same key and basket is the same checkout, another basket is ATTEMPT_REUSED", async () => {
    const key = newAttemptId();
    const first = await buy(mai, key);
    expect(first).toMatchObject({ status: 200, body: { state: "awaiting_payment" } });
    expect(checkoutOf(await buy(mai, key))).toBe(checkoutOf(first));
    expect(await buy(mai, key, 2)).toMatchObject({ status: 422, code: "ATTEMPT_REUSED" });
  });

  test("is the account's own: two accounts with one key get a checkout each", async () => {
    const key = newAttemptId();
    const [one, other] = await Promise.all([buy(mai, key), buy(eve, key)]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(checkoutOf(other)).not.toBe(checkoutOf(one));
    const theirs = (other.body as { payment: { clientSecret: string } }).payment.clientSecret;
    expect(theirs).not.toBe((one.body as { payment: { clientSecret: string } }).payment.clientSecret);
  });

  test("never reaches Restate as its own header: no invocation bears it", async () => {
    const key = newAttemptId();
    await buy(mai, key);
    await visit("PATCH /me", mai, {
      body: JSON.stringify({ displayName: "Mai" }),
      headers: { "idempotency-key": key },
    });
    const rows = await invocations("idempotency_key, target", "target in ('Order/checkout', 'Profile/edit')");
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.filter((row) => row["idempotency_key"] === key)).toEqual([]);
  });

  test("a key that is no attempt id is refused with INVALID_INPUT, and the field in the body wins over the header", async () => {
    expect(await buy(mai, "short")).toMatchObject({ status: 400, code: "INVALID_INPUT" });
    const [inBody, inHeader] = [newAttemptId(), newAttemptId()];
    const body = JSON.stringify({ attemptId: inBody, ...basketOf(mai, [goods]) });
    const first = await visit("POST /checkouts", mai, { body, headers: { "idempotency-key": inHeader } });
    expect(checkoutOf(await visit("POST /checkouts", mai, { body }))).toBe(checkoutOf(first));
    expect(checkoutOf(await buy(mai, inHeader))).not.toBe(checkoutOf(first));
  });
});
