import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { StepScene } from "#modules/_kit/handler.ts";
import { verifyToken } from "#modules/_kit/token.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asAnyone, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { testSettings } from "#tools/testkit/settings.ts";
import { lift } from "../profile/lift.ts";
import { suspend } from "../profile/suspend.ts";
import { live } from "./live.ts";
import { refresh } from "./refresh.ts";
import { register } from "./register.ts";
import { signIn } from "./sign-in.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("account");
});
afterAll(() => database.close());

const password = "correct horse battery";
const scene = (rest: Partial<StepScene> = {}) => sceneOf(database.db, asAnyone, rest);
const operator = () => sceneOf(database.db, asAccount(freshId("acc"), "operator"));

const person = async () => {
  const email = `${freshId("evt")}@example.com`;
  const { accountId } = await register({ email, password, displayName: "Ada" }, scene());
  return { email, accountId, tokens: await signIn({ email, password }, scene()) };
};
const standingOf = async (accessToken: string) => {
  const verified = await verifyToken(testSettings.auth, accessToken);
  if (!("principal" in verified) || verified.principal.kind !== "account") throw new Error("not ours");
  return live({ sessionId: verified.principal.sessionId }, sceneOf(database.db, asModule("kit")));
};
const SUSPENDED = { code: "ACCOUNT_SUSPENDED", status: 403 };

describe("Login for a suspended account", () => {
  it("live says so at once of every session, and no more after a lift", async () => {
    const { email, accountId, tokens } = await person();
    const other = await signIn({ email, password }, scene());
    await suspend({ accountId, reason: "counterfeits" }, operator());
    for (const { accessToken } of [tokens, other])
      expect(await standingOf(accessToken)).toEqual({ live: true, suspended: true });
    expect(await standingOf((await person()).tokens.accessToken)).toEqual({ live: true, suspended: false });
    await lift({ accountId }, operator());
    expect(await standingOf(tokens.accessToken)).toEqual({ live: true, suspended: false });
  });

  it("signIn refuses whoever has the password (ACCOUNT_SUSPENDED), and tells nobody else", async () => {
    const { email, accountId } = await person();
    await suspend({ accountId, reason: "counterfeits" }, operator());
    await expect(signIn({ email, password }, scene())).rejects.toMatchObject(SUSPENDED);
    const guess = signIn({ email, password: "wrong horse battery" }, scene());
    await expect(guess).rejects.toMatchObject({ code: "BAD_CREDENTIALS" });
    await lift({ accountId }, operator());
    expect(await signIn({ email, password }, scene())).toMatchObject({ accountId });
  });

  it("refresh refuses (ACCOUNT_SUSPENDED), also a repeat, and spends nothing: after a lift the token is good", async () => {
    const { accountId, tokens } = await person();
    const once = scene();
    const next = await refresh({ refreshToken: tokens.refreshToken }, once);
    await suspend({ accountId, reason: "counterfeits" }, operator());
    const repeat = refresh({ refreshToken: tokens.refreshToken }, once);
    await expect(repeat).rejects.toMatchObject(SUSPENDED);
    for (const _again of [1, 2])
      await expect(refresh({ refreshToken: next.refreshToken }, scene())).rejects.toMatchObject(SUSPENDED);
    await lift({ accountId }, operator());
    expect(await refresh({ refreshToken: next.refreshToken }, scene())).toMatchObject({ accountId });
  });
});
