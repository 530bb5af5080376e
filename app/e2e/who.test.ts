/** Who may call what: every operation of every page, called by everybody, over the ingress and at the edge. */
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Login, type Role } from "@shopnexus/contracts/account/login";
import { Profile } from "@shopnexus/contracts/account/profile";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { readConfig } from "#app/config.ts";
import { signAccess, signModule } from "#modules/_kit/token.ts";
import { inParallel, type Knock, knock, type Reply } from "#tools/testkit/knock.ts";
import { operator, type Person, person, renewed, seller } from "#tools/testkit/people.ts";
import { openShop, type TestShop, UNFUSED, WHOLE } from "#tools/testkit/shop.ts";
import { cardOf, ingressPath, inputs, sample, walk, type Walked } from "#tools/testkit/walk.ts";

const WIDTH = 16;
const SEED = 20_260_131;
const CHECKOUT = `chk_${"0".repeat(32)}`;
/** No schema takes it: whoever is admitted is told so, and nothing is done. */
const NONSENSE = JSON.stringify({ nonsense: true });

type Caller = {
  readonly name: string;
  readonly authorization: string | undefined;
  /** Why the token is no proof of anybody; or who it proves. */
  readonly is: { readonly fault: string } | { readonly roles: readonly Role[] } | "module" | "suspended";
};

const bearer = (token: string): string => `Bearer ${token}`;
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const unbase64 = (text: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(text ?? "", "base64url").toString());

/** An account with every role, so that nothing but its session can be what is refused. */
const everything = async (shop: TestShop): Promise<Person> => {
  const self = await operator(shop);
  await self.call(Profile).openShop({ shopName: `Everything ${self.accountId}` });
  await renewed(shop, self);
  return self;
};

/** Everybody: each kind of honest caller, and each way to come with a token that proves nothing. */
const everybody = async (shop: TestShop): Promise<Caller[]> => {
  const [plain, merchant, clerk, gone] = await Promise.all([
    person(shop),
    seller(shop),
    operator(shop),
    everything(shop),
  ]);
  await gone.call(Login).signOut({});
  const shut = await everything(shop);
  await clerk.call(Profile).suspend({ accountId: shut.accountId, reason: "A test." });
  const { settings } = readConfig(shop.environment);
  const token = clerk.tokens.accessToken;
  const [header, payload, signature] = token.split(".");
  const claims = unbase64(payload);
  const grant = {
    accountId: clerk.accountId,
    sessionId: String(claims["sid"]),
    roles: ["account", "operator"] as const,
    nowMs: Date.now(),
  };
  const other = JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }));
  const signedWith = (auth: Partial<typeof settings.auth>, nowMs = grant.nowMs) =>
    signAccess({ auth: { ...settings.auth, ...auth } }, { ...grant, nowMs });
  const promoted = base64({
    ...unbase64(plain.tokens.accessToken.split(".")[1]),
    roles: ["account", "seller", "operator"],
  });
  const [head, , seal] = plain.tokens.accessToken.split(".");
  const faulty: Record<string, readonly [string | undefined, string]> = {
    "no token": [undefined, "missing"],
    "an empty header": ["", "missing"],
    words: [bearer("let me in"), "malformed"],
    "three dots": [bearer("..."), "malformed"],
    "another scheme": ["Basic b3BlcmF0b3I6b3BlcmF0b3I=", "malformed"],
    "a refresh token": [bearer(clerk.tokens.refreshToken), "malformed"],
    "an expired token": [bearer(await signedWith({}, grant.nowMs - 11 * MINUTE_MS)), "expired"],
    "a token with other roles than were signed": [bearer(`${head}.${promoted}.${seal}`), "tampered"],
    "a token with half its signature": [
      bearer(`${header}.${payload}.${signature?.slice(0, 40)}`),
      "tampered",
    ],
    "a token signed by another key": [bearer(await signedWith({ privateJwk: other })), "tampered"],
    "a token of another issuer": [bearer(await signedWith({ issuer: "elsewhere" })), "tampered"],
    "an unsigned token": [bearer(`${base64({ alg: "none" })}.${payload}.`), "tampered"],
    "a token of a closed session": [bearer(gone.tokens.accessToken), "revoked"],
  };
  return [
    { name: "a suspended account", authorization: bearer(shut.tokens.accessToken), is: "suspended" },
    ...Object.entries(faulty).map(([name, [authorization, fault]]) => ({
      name,
      authorization,
      is: { fault },
    })),
    { name: "an account", authorization: bearer(plain.tokens.accessToken), is: { roles: ["account"] } },
    {
      name: "a seller",
      authorization: bearer(merchant.tokens.accessToken),
      is: { roles: ["account", "seller"] },
    },
    { name: "an operator", authorization: bearer(token), is: { roles: ["account", "operator"] } },
    {
      name: "one of our modules",
      authorization: bearer(await signModule(settings, "order", Date.now())),
      is: "module",
    },
  ];
};

/** Some thousands of calls, on a machine that may have other work. */
const WALK_MS = 2 * MINUTE_MS;

const ADMITTED = "400 INVALID_INPUT";
const HIDDEN = "not there";

/** What the page promises. */
const promised = ({ operation, contract }: Walked, { is }: Caller, isWhole: boolean): string => {
  const { card, kind } = operation;
  if (card.who === "anyone") return ADMITTED;
  const isPrivate = isWhole || contract._kind === "workflow" || kind === "op" || kind === "run";
  if (card.who === "module") return is === "module" && !isPrivate ? ADMITTED : HIDDEN;
  if (is === "suspended") return "403 ACCOUNT_SUSPENDED";
  if (is === "module") return card.who === "operator" ? ADMITTED : "403 FORBIDDEN";
  if ("fault" in is) return `401 UNAUTHENTICATED ${is.fault}`;
  return is.roles.includes(card.who) ? ADMITTED : "403 FORBIDDEN";
};

/** What the reply amounts to. Restate itself answers 400 for what is private, without a code of ours. */
const seen = ({ status, code, data, text }: Reply): string => {
  if (status === 404 && code === "NOT_FOUND") return HIDDEN;
  if (status === 400 && code === undefined && text.includes("not public")) return HIDDEN;
  const reason = typeof data["reason"] === "string" ? ` ${data["reason"]}` : "";
  return `${status} ${code ?? text}${reason}`;
};

type Case = { readonly walked: Walked; readonly caller: Caller };

/** The calls whose outcome is not the one their page promises. */
const broken = async (
  all: readonly Case[],
  isWhole: boolean,
  call: (one: Case) => Promise<Reply>,
): Promise<string[]> => {
  const told = await inParallel(all, WIDTH, async (one) => {
    const [wanted, got] = [promised(one.walked, one.caller, isWhole), seen(await call(one))];
    return wanted === got ? [] : [`${one.walked.address} by ${one.caller.name}: ${got}, not ${wanted}`];
  });
  return told.flat();
};

const atIngress = (shop: TestShop, { walked, caller: { authorization } }: Case): Promise<Reply> =>
  knock(`${shop.ingressUrl}/${ingressPath(walked, CHECKOUT)}`, { authorization, body: NONSENSE });

const fitting = new Map<string, object>();

/** An input that fits, drawn once an operation: drawing one takes longer than asking. */
const fittingOf = (walked: Walked): object => {
  const [drawn = {}] = fitting.has(walked.address)
    ? [fitting.get(walked.address)]
    : (sample(inputs(walked.operation.input), SEED, 1) as object[]);
  fitting.set(walked.address, drawn);
  return drawn;
};

/** Its http card, with path parameters of the right shape and nonsense beside them. */
const atEdge = (shop: TestShop, { walked, caller: { authorization } }: Case): Promise<Reply> => {
  const fields = fittingOf(walked);
  const { method = "", path = "" } = cardOf(walked, { checkoutId: CHECKOUT, ...fields }) ?? {};
  const sent: Knock =
    method === "GET" ? { method, authorization } : { method, authorization, body: NONSENSE };
  return knock(
    `${shop.edgeUrl(walked.module as "order")}${path}${method === "GET" ? "?nonsense=1" : ""}`,
    sent,
  );
};

describe.each([
  ["everything in one process", WHOLE, true],
  ["every step through the ingress", UNFUSED, false],
] as const)("who, %s", (_name, topology, isWhole) => {
  let shop: TestShop;
  let callers: Caller[];
  beforeAll(async () => {
    shop = await openShop(topology);
    callers = await everybody(shop);
  });
  afterAll(() => shop.stop());

  const cases = (walked: readonly Walked[]): Case[] =>
    walked.flatMap((one) => callers.map((caller) => ({ walked: one, caller })));

  test(
    "at the ingress every operation admits whom its page names and refuses everybody else by name",
    async () => {
      const walked = walk();
      expect(walked.length).toBeGreaterThan(50);
      expect(await broken(cases(walked), isWhole, (one) => atIngress(shop, one))).toEqual([]);
    },
    WALK_MS,
  );

  test(
    "at the edge every http card does the same",
    async () => {
      const walked = walk().filter(({ operation }) => operation.card.http !== undefined);
      expect(walked.length).toBeGreaterThan(20);
      expect(await broken(cases(walked), isWhole, (one) => atEdge(shop, one))).toEqual([]);
    },
    WALK_MS,
  );

  test("no operation of a module has an http card", () => {
    expect(
      walk().filter(({ operation: { card } }) => card.who === "module" && card.http !== undefined),
    ).toEqual([]);
  });

  test("Restate has no public door that is not on a page, but the clocks' kick, which is for our modules", async () => {
    const response = await fetch(`${shop.adminUrl}/services`);
    const { services } = (await response.json()) as {
      services: Array<{ name: string; handlers: Array<{ name: string; public: boolean }> }>;
    };
    const open = services.flatMap(({ name, handlers }) =>
      handlers.filter((handler) => handler.public).map((handler) => `${name}/${handler.name}`),
    );
    const ours = callers.find(({ is }) => is === "module") as Caller;
    const pages = walk()
      .filter((one) => promised(one, ours, isWhole) !== HIDDEN)
      .map(({ address }) => address);
    const kicks = open.filter((address) => address.endsWith("Cron/kick"));
    expect(open.toSorted()).toEqual([...pages, ...kicks].toSorted());
    for (const kick of kicks) {
      const url = `${shop.ingressUrl}/${kick.replace("/", "/expireHolds/")}`;
      for (const { name, authorization, is } of callers.filter((caller) => caller.is !== "module")) {
        expect([name, is, (await knock(url, { authorization })).status]).toEqual([name, is, 404]);
      }
    }
  });
});
