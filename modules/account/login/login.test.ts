import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sql } from "drizzle-orm";
import { Login, type Tokens } from "@shopnexus/contracts/account/login";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { StepScene } from "#modules/_kit/handler.ts";
import { verifyToken } from "#modules/_kit/token.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asAnyone, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { testSettings } from "#tools/testkit/settings.ts";
import { grant } from "../profile/grant.ts";
import { live } from "./live.ts";
import { refresh } from "./refresh.ts";
import { register } from "./register.ts";
import { signIn } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("account");
});
afterAll(() => database.close());

const PASSWORD = "correct horse battery";
const scene = (rest: Partial<StepScene> = {}) => sceneOf(database.db, asAnyone, rest);
const freshEmail = () => `Buyer-${freshId("evt")}@Example.com`;

const newcomer = async (): Promise<{ email: string; accountId: string }> => {
  const email = freshEmail();
  return { email, ...(await register({ email, password: PASSWORD, displayName: "Ada" }, scene())) };
};
const session = async (): Promise<Tokens> =>
  signIn({ email: (await newcomer()).email, password: PASSWORD }, scene());

const claims = async ({ accessToken }: Tokens) => {
  const verified = await verifyToken(testSettings.auth, accessToken);
  if ("fault" in verified || verified.principal.kind !== "account") throw new Error("not an access token");
  return { ...verified.principal, expiresAtMs: verified.expiresAtMs };
};
const isLive = async (tokens: Tokens): Promise<boolean> => {
  const { sessionId } = await claims(tokens);
  return (await live({ sessionId }, sceneOf(database.db, asModule("kit")))).live;
};
const ownScene = async (tokens: Tokens, rest: Partial<StepScene> = {}): Promise<StepScene> =>
  sceneOf(database.db, await claims(tokens), rest);
const trade = ({ refreshToken }: Tokens, rest: Partial<StepScene> = {}) =>
  refresh({ refreshToken }, scene(rest));

describe("Login/register", () => {
  it("an account opens with the role account", async () => {
    const { email, accountId } = await newcomer();
    const tokens = await signIn({ email, password: PASSWORD }, scene());
    expect(tokens).toMatchObject({ accountId, roles: ["account"] });
  });

  it("the same call again, even at once: the same account", async () => {
    const input = { email: freshEmail(), password: PASSWORD, displayName: "Ada" };
    const one = scene();
    const opened = await Promise.all([register(input, one), register(input, one), register(input, one)]);
    expect(await register(input, one)).toEqual(opened[0]);
    expect(new Set(opened.map(({ accountId }) => accountId)).size).toBe(1);
  });

  it("a new call with the email in another case is refused (EMAIL_TAKEN)", async () => {
    const { email } = await newcomer();
    for (const taken of [email, email.toLowerCase(), email.toUpperCase()]) {
      const again = register({ email: taken, password: PASSWORD, displayName: "Eve" }, scene());
      await expect(again).rejects.toMatchObject({ code: "EMAIL_TAKEN" });
    }
  });

  it("ten calls at once for one email: one account, nine refused (EMAIL_TAKEN)", async () => {
    const email = freshEmail();
    const calls = Array.from({ length: 10 }, () =>
      register({ email, password: PASSWORD, displayName: "Ada" }, scene()),
    );
    const ends = await Promise.allSettled(calls);
    const reasons = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.code] : []));
    expect(reasons).toEqual(Array.from({ length: 9 }, () => "EMAIL_TAKEN"));
  });

  it("the password is kept as argon2id, 19 MiB and two passes", async () => {
    const { accountId } = await newcomer();
    const [row] = await database.db.execute(
      sql`select password_hash from account.account where account_id = ${accountId}`,
    );
    expect(row!["password_hash"]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe("Login/signIn", () => {
  it("gives an access token for 10 minutes and a refresh token for 30 days", async () => {
    const before = Date.now();
    const tokens = Login._handlers.signIn.output.parse(await session());
    const { accountId, roles, expiresAtMs } = await claims(tokens);
    expect({ accountId, roles }).toEqual({ accountId: tokens.accountId, roles: tokens.roles });
    expect(Date.parse(tokens.accessExpiresAt)).toBe(expiresAtMs);
    const lasts = (until: string) => Math.round((Date.parse(until) - before) / 10_000) * 10_000;
    expect(lasts(tokens.accessExpiresAt)).toBe(testSettings.auth.accessMs);
    expect(lasts(tokens.refreshExpiresAt)).toBe(testSettings.auth.refreshMs);
  });

  it("a wrong password and an unknown email are refused alike (BAD_CREDENTIALS)", async () => {
    const { email } = await newcomer();
    const wrong = await signIn({ email, password: "wrong" }, scene()).catch((error: unknown) => error);
    const unknown = await signIn({ email: freshEmail(), password: PASSWORD }, scene()).catch(
      (error: unknown) => error,
    );
    expect(wrong).toMatchObject({ code: "BAD_CREDENTIALS", status: 401 });
    expect(unknown).toEqual(wrong);
  });

  it("an unknown email takes as long as a wrong password", async () => {
    const { email } = await newcomer();
    const timed = async (of: string): Promise<number> => {
      const startedAt = performance.now();
      await signIn({ email: of, password: "wrong" }, scene()).catch(() => undefined);
      return performance.now() - startedAt;
    };
    const fastest = async (of: () => string): Promise<number> => {
      const times: number[] = [];
      for (let at = 0; at < 8; at += 1) times.push(await timed(of()));
      return Math.min(...times);
    };
    const ratio = (await fastest(freshEmail)) / (await fastest(() => email));
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it("the same call again, even at once: the same pair; a new call: another session", async () => {
    const { email } = await newcomer();
    const one = scene();
    const pairs = await Promise.all([1, 2, 3].map(() => signIn({ email, password: PASSWORD }, one)));
    pairs.push(await signIn({ email, password: PASSWORD }, one));
    for (const pair of pairs) expect(pair).toEqual(pairs[0]);
    const other = await signIn({ email, password: PASSWORD }, scene());
    expect((await claims(other)).sessionId).not.toBe((await claims(pairs[0]!)).sessionId);
    expect(other.refreshToken).not.toBe(pairs[0]!.refreshToken);
  });
});

describe("Login/refresh", () => {
  it("gives the next pair of the same session, with roles read anew", async () => {
    const first = await session();
    await grant({ accountId: first.accountId, role: "seller" }, sceneOf(database.db, asModule("test")));
    const second = Login._handlers.refresh.output.parse(await trade(first));
    expect(second.roles).toEqual(["account", "seller"]);
    const { sessionId, roles } = await claims(second);
    expect(sessionId).toBe((await claims(first)).sessionId);
    expect(roles).toEqual(["account", "seller"]);
    expect(second.refreshToken).not.toBe(first.refreshToken);
  });

  it("the same call again, even at once and after the pair was used: the same pair", async () => {
    const first = await session();
    const once = scene();
    const pairs = await Promise.all([1, 2, 3].map(() => refresh({ refreshToken: first.refreshToken }, once)));
    await trade(pairs[0]!);
    pairs.push(await refresh({ refreshToken: first.refreshToken }, once));
    for (const pair of pairs) expect(pair).toEqual(pairs[0]);
    expect(await isLive(first)).toBe(true);
  });

  it("a used token closes the session (REFRESH_REUSED): its newest token stops as well", async () => {
    const first = await session();
    const second = await trade(first);
    await expect(trade(first)).rejects.toMatchObject({ code: "REFRESH_REUSED" });
    expect(await isLive(second)).toBe(false);
    await expect(trade(second)).rejects.toMatchObject({ code: "REFRESH_INVALID" });
    await expect(trade(first)).rejects.toMatchObject({ code: "REFRESH_REUSED" });
  });

  it("another session of the same account stays open when one is closed", async () => {
    const { email } = await newcomer();
    const [one, other] = [
      await signIn({ email, password: PASSWORD }, scene()),
      await signIn({ email, password: PASSWORD }, scene()),
    ];
    await trade(one);
    await expect(trade(one)).rejects.toMatchObject({ code: "REFRESH_REUSED" });
    expect(await isLive(other)).toBe(true);
    await trade(other);
  });

  it("two calls at once with one token: exactly one wins, and the session is closed", async () => {
    const tokens = await session();
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => trade(tokens)));
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const reasons = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.code] : []));
    expect(new Set(reasons)).toEqual(new Set(["REFRESH_REUSED"]));
    expect(await isLive(tokens)).toBe(false);
  });

  it("an unknown and an expired token are refused (REFRESH_INVALID)", async () => {
    const unknown = { refreshToken: "A".repeat(43) };
    await expect(refresh(unknown, scene())).rejects.toMatchObject({ code: "REFRESH_INVALID" });
    const { email } = await newcomer();
    const auth = { ...testSettings.auth, refreshMs: -1 };
    const late = scene({ settings: { ...testSettings, auth } });
    const expired = await signIn({ email, password: PASSWORD }, late);
    for (const _again of [1, 2]) {
      await expect(trade(expired)).rejects.toMatchObject({ code: "REFRESH_INVALID" });
    }
  });

  it("no token stands in a table: what is kept does not sign anybody in", async () => {
    const first = await session();
    const second = await trade(first);
    const rows = await database.db.execute(
      sql`select to_jsonb(t)::text as kept from account.refresh_token t
          union all select to_jsonb(s)::text from account.session s`,
    );
    const kept = rows.map((row) => String(row["kept"])).join("\n");
    for (const { refreshToken, accessToken } of [first, second]) {
      expect(kept).not.toContain(refreshToken);
      expect(kept).not.toContain(accessToken);
    }
  });
});

describe("Login/signOut and Login/live", () => {
  it("a closed session is not live, and its refresh token stops at once (REFRESH_INVALID)", async () => {
    const tokens = await session();
    expect(await isLive(tokens)).toBe(true);
    await signOut({}, await ownScene(tokens));
    expect(await isLive(tokens)).toBe(false);
    await expect(trade(tokens)).rejects.toMatchObject({ code: "REFRESH_INVALID" });
  });

  it("the same call again closes nothing twice; a new call is refused (UNAUTHENTICATED)", async () => {
    const tokens = await session();
    const once = await ownScene(tokens);
    await Promise.all([signOut({}, once), signOut({}, once)]);
    expect(await signOut({}, once)).toEqual({});
    const again = signOut({}, await ownScene(tokens));
    await expect(again).rejects.toMatchObject({ code: "UNAUTHENTICATED", data: { reason: "revoked" } });
  });

  it("a refresh and a sign-out at once: whoever comes first, nothing of the session stays open", async () => {
    for (let round = 0; round < 5; round += 1) {
      const tokens = await session();
      const [next] = await Promise.allSettled([trade(tokens), signOut({}, await ownScene(tokens))]);
      expect(await isLive(tokens)).toBe(false);
      const newest = next.status === "fulfilled" ? next.value : tokens;
      await expect(trade(newest)).rejects.toMatchObject({ code: "REFRESH_INVALID" });
    }
  });

  it("an unknown and an expired session are not live", async () => {
    const there = sceneOf(database.db, asAccount());
    expect(await live({ sessionId: freshId("ses") }, there)).toEqual({ live: false, suspended: false });
    const { email } = await newcomer();
    const auth = { ...testSettings.auth, refreshMs: -1 };
    const expired = await signIn(
      { email, password: PASSWORD },
      scene({ settings: { ...testSettings, auth } }),
    );
    expect(await isLive(expired)).toBe(false);
  });
});
