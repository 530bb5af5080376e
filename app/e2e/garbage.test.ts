/** Garbage at every door: answered 4xx with a code, at once, without a stack, without an effect. The seed is printed. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Role } from "@shopnexus/contracts/account/login";
import { readConfig } from "#app/config.ts";
import { restateSql } from "#app/restate-sql.ts";
import { signModule } from "#modules/_kit/token.ts";
import { inParallel, knock, type Reply } from "#tools/testkit/knock.ts";
import { operator, person, seller } from "#tools/testkit/people.ts";
import { openShop, type TestShop, UNFUSED, WHOLE } from "#tools/testkit/shop.ts";
import { contentsOf } from "#tools/testkit/contents.ts";
import {
  cardOf,
  type Garbage,
  garbage,
  ingressPath,
  inputs,
  mischief,
  sample,
  walk,
  type Walked,
} from "#tools/testkit/walk.ts";

const SEED = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`garbage: SEED=${SEED}`);

/** Thousands of requests: on a machine that others use they take their time together, never one alone. */
vi.setConfig({ testTimeout: 120_000 });

const WIDTH = 8;
const PER_OPERATION = 8;
const ANSWER_MS_MAX = 1_000;
const CHECKOUT = `chk_${"0".repeat(32)}`;

type Tokens = Readonly<Record<Role | "module", string>>;

const tokensOf = async (shop: TestShop): Promise<Tokens> => {
  const [plain, merchant, clerk] = await Promise.all([person(shop), seller(shop), operator(shop)]);
  const { settings } = readConfig(shop.environment);
  const module = await signModule(settings, "order", Date.now());
  const [account, ofSeller, ofOperator] = [plain, merchant, clerk].map(({ tokens }) => tokens.accessToken);
  return { account: account ?? "", seller: ofSeller ?? "", operator: ofOperator ?? "", module };
};

/** Somebody who may call it. */
const allowed = (tokens: Tokens, { operation: { card } }: Walked): string | undefined =>
  card.who === "anyone" ? undefined : `Bearer ${tokens[card.who]}`;

type Shot = { readonly name: string; fire(): Promise<Reply> };

/** What is wrong with an answer to garbage; nothing when it is refused as it should be. */
const faults = ({ status, code, text }: Reply): string[] => [
  ...(status >= 400 && status < 500 ? [] : [`answered ${status}: ${text.slice(0, 200)}`]),
  ...(code !== undefined || /"source":"ingress"/.test(text)
    ? []
    : [`no code: ${status} ${text.slice(0, 200)}`]),
  ...(/\bat .*(\.ts|node:|\.js)\b|node_modules|drizzle|postgres/i.test(text)
    ? [`shows its insides: ${text.slice(0, 300)}`]
    : []),
];

/** Fires everything; the slow ones once more on their own, so that a busy machine is not taken for a slow shop. */
const salvo = async (shots: readonly Shot[]): Promise<string[]> => {
  const slow: Shot[] = [];
  const found = await inParallel(shots, WIDTH, async (shot) => {
    const reply = await shot.fire();
    if (reply.ms > ANSWER_MS_MAX) slow.push(shot);
    return faults(reply).map((fault) => `${shot.name}: ${fault}`);
  });
  const stillSlow = await inParallel(slow, 1, async (shot) => ({ shot, ms: (await shot.fire()).ms }));
  const late = stillSlow.filter(({ ms }) => ms > ANSWER_MS_MAX);
  return [
    ...found.flat(),
    ...late.map(({ shot, ms }) => `${shot.name}: answered after ${Math.round(ms)} ms`),
  ];
};

const garbageFor = ({ operation, address }: Walked): Garbage[] =>
  sample(garbage(operation.input), SEED + address.length, PER_OPERATION);

const shotsAtIngress = (shop: TestShop, tokens: Tokens, walked: readonly Walked[]): Shot[] =>
  walked.flatMap((one) =>
    garbageFor(one).map(({ what, body, contentType }) => ({
      name: `${one.address}, ${what} (${contentType})`,
      fire: () =>
        knock(`${shop.ingressUrl}/${ingressPath(one, CHECKOUT)}`, {
          authorization: allowed(tokens, one),
          body,
          contentType,
        }),
    })),
  );

/** Invocations that have not come to an end, but those of clocks. */
/** The clocks do their first work at the start, and send some of it: what they do passes, what garbage did would stay. */
const CALM_WAIT_MS = 15_000;

/** What the shop holds once its clocks have written what they write at a start. */
const calm = async (shop: TestShop): Promise<Record<string, string>> => {
  for (let last = await contentsOf(shop.sql); ; ) {
    await sleep(1_000);
    const now = await contentsOf(shop.sql);
    if (JSON.stringify(now) === JSON.stringify(last)) return now;
    last = now;
  }
};

const pending = async (shop: TestShop): Promise<unknown[]> => {
  const query =
    "select target, status from sys_invocation where status in ('pending', 'ready', 'running', 'backing-off', 'suspended', 'paused')";
  const rows = await restateSql<{ target: string }>(shop.adminUrl, query);
  return rows.filter(({ target }) => !target.includes("Cron/"));
};

describe("garbage, everything in one process", () => {
  let shop: TestShop;
  let tokens: Tokens;
  beforeAll(async () => {
    shop = await openShop(WHOLE);
    tokens = await tokensOf(shop);
  });
  afterAll(() => shop.stop());

  const outside = walk().filter(({ operation }) => operation.card.who !== "module");

  test("at the ingress every operation refuses every garbled body, and nothing is changed by it", async () => {
    const before = await calm(shop);
    expect(Object.keys(before).length).toBeGreaterThan(10);
    const shots = shotsAtIngress(shop, tokens, outside);
    expect(shots.length).toBe(outside.length * PER_OPERATION);
    expect(await salvo(shots)).toEqual([]);
    expect(await contentsOf(shop.sql)).toEqual(before);
    await expect.poll(() => pending(shop), { timeout: CALM_WAIT_MS }).toEqual([]);
  });

  test("at the edge every http card refuses every garbled body, and nothing is changed by it", async () => {
    const before = await calm(shop);
    const shots = outside.flatMap((one) => shotsAtCard(shop, tokens, one));
    expect(shots.length).toBeGreaterThan(100);
    expect(await salvo(shots)).toEqual([]);
    expect(await contentsOf(shop.sql)).toEqual(before);
    await expect.poll(() => pending(shop), { timeout: CALM_WAIT_MS }).toEqual([]);
  });

  test("at the edge every read refuses garbled queries and paths", async () => {
    const reads = outside.filter(({ operation }) => operation.card.http?.startsWith("GET "));
    expect(await salvo(reads.flatMap((one) => shotsAtRead(shop, tokens, one)))).toEqual([]);
  });

  test("at the edge: too large is 413 BODY_TOO_LARGE, an unknown path or a wrong method 404 NOT_FOUND", async () => {
    const edge = shop.edgeUrl();
    const large = JSON.stringify({ email: "x".repeat(1_100_000) });
    expect(await knock(`${edge}/accounts`, { body: large })).toMatchObject({
      status: 413,
      code: "BODY_TOO_LARGE",
    });
    expect(await knock(`${edge}/webhooks/stripe`, { body: large })).toMatchObject({
      status: 413,
      code: "BODY_TOO_LARGE",
    });
    for (const path of [
      "/nothing",
      "/accounts/",
      "/Stock/reserve",
      "/restate/invocation",
      "/..%2f..%2fetc/passwd",
      "/reference/../../package.json",
    ])
      expect([path, await knock(edge + path, { body: "{}" })]).toMatchObject([
        path,
        { status: 404, code: "NOT_FOUND" },
      ]);
    for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
      expect([method, await knock(`${edge}/accounts`, { method })]).toMatchObject([
        method,
        { status: 404, code: "NOT_FOUND" },
      ]);
  });

  test("what fits a schema and means nothing, or mischief, is answered too: done, or refused with a code", async () => {
    // Signing out takes nothing, and would end the session that the others need.
    const told = outside
      .filter(({ address }) => address !== "Login/signOut")
      .flatMap((one) =>
        fittingBodies(one).map((body) => ({
          one,
          body,
          url: `${shop.ingressUrl}/${ingressPath(one, CHECKOUT)}`,
        })),
      );
    expect(told.length).toBeGreaterThan(300);
    const wrong = await inParallel(told, WIDTH, async ({ one, body, url }) => {
      const reply = await knock(url, {
        authorization: allowed(tokens, one),
        body,
        waitMs: 3 * ANSWER_MS_MAX,
      });
      const found = reply.status === 200 ? [] : faults(reply);
      return found.map((fault) => `${one.address} ${body.slice(0, 300)}: ${fault}`);
    });
    expect(wrong.flat()).toEqual([]);
    await expect.poll(() => pending(shop), { timeout: CALM_WAIT_MS }).toEqual([]);
  });
});

const fittingBodies = ({ operation: { input } }: Walked): string[] => [
  ...sample(inputs(input), SEED, 5).map((value) => JSON.stringify(value)),
  ...mischief(input, SEED).map(({ body }) => body),
];

const shotsAtCard = (shop: TestShop, tokens: Tokens, one: Walked): Shot[] => {
  const [fields] = sample(inputs(one.operation.input), SEED, 1);
  const card = cardOf(one, { checkoutId: CHECKOUT, ...(fields as object) });
  if (card === undefined || card.method === "GET") return [];
  const isInPath = (name: string): boolean => one.operation.card.http?.includes(`{${name}}`) ?? false;
  const stillFits = (body: string): boolean => {
    const fromPath = Object.fromEntries(Object.entries(fields as object).filter(([name]) => isInPath(name)));
    return isObject(body) && one.operation.input.safeParse({ ...objectOf(body), ...fromPath }).success;
  };
  return garbageFor(one)
    .filter(({ body }) => !stillFits(body))
    .map(({ what, body }) => ({
      name: `${card.method} ${card.path}, ${what}`,
      fire: () =>
        knock(shop.edgeUrl() + card.path, { method: card.method, authorization: allowed(tokens, one), body }),
    }));
};

/** The edge reads an empty body as an empty object, whatever its type, and text without its byte order mark. */
const objectOf = (body: string): Record<string, unknown> => {
  const text = body.replace(/^\ufeff/, "");
  return text === "" ? {} : JSON.parse(text);
};
const isObject = (body: string): boolean => {
  try {
    const value: unknown = objectOf(body);
    return value !== null && typeof value === "object" && !Array.isArray(value);
  } catch {
    return false;
  }
};

const QUERIES = [
  "nonsense=1",
  "limit=0",
  "limit=-1",
  "limit=1e9",
  "limit=abc",
  "limit=1.5",
  "limit=",
  "limit=NaN",
  "__proto__=1",
];
const LONG = "x".repeat(5_000);
const PIECES = ["0", "%00", "%F0%9F%98%80", "..%2f..", "%E0%A4%A", "'%20or%201=1", LONG, "null", "%5B%5D"];

const shotsAtRead = (shop: TestShop, tokens: Tokens, one: Walked): Shot[] => {
  const [fields] = sample(inputs(one.operation.input), SEED, 1);
  const { path: good = "" } = cardOf(one, fields as Record<string, unknown>) ?? {};
  const template = one.operation.card.http?.split(" ")[1] ?? "";
  const queries = [...QUERIES, `after=${LONG}`, `category=${LONG}`].map((query) => `${good}?${query}`);
  const paths = template.includes("{") ? PIECES.map((piece) => template.replace(/\{\w+\}/, piece)) : [];
  return [...queries, ...paths].map((path) => ({
    name: `GET ${path.slice(0, 120)}`,
    fire: () => knock(shop.edgeUrl() + path, { method: "GET", authorization: allowed(tokens, one) }),
  }));
};

describe("garbage, every step through the ingress", () => {
  let shop: TestShop;
  let tokens: Tokens;
  beforeAll(async () => {
    shop = await openShop(UNFUSED);
    tokens = await tokensOf(shop);
  });
  afterAll(() => shop.stop());

  test("the steps that only modules may call refuse garbage from modules just as well, and nothing is changed by it", async () => {
    const inside = walk().filter(
      ({ operation: { card, kind }, contract }) =>
        card.who === "module" && (kind === "step" || kind === "read") && contract._kind !== "workflow",
    );
    expect(inside.length).toBeGreaterThan(15);
    const before = await calm(shop);
    expect(await salvo(shotsAtIngress(shop, tokens, inside))).toEqual([]);
    expect(await contentsOf(shop.sql)).toEqual(before);
    await expect.poll(() => pending(shop), { timeout: CALM_WAIT_MS }).toEqual([]);
  });
});
