import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Login, type Tokens } from "@shopnexus/contracts/account/login";
import { Profile } from "@shopnexus/contracts/account/profile";
import type { Card, Contract } from "@shopnexus/contracts/kit/contract";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { loadBoards } from "#app/modules.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { testSettings } from "#tools/testkit/settings.ts";
import { type Authenticate, authenticator } from "./authenticate.ts";
import type { Steps } from "./invocation.ts";
import { fusedSteps, type HostedSteps } from "./steps.ts";
import { moduleTokens } from "./token.ts";

let database: TestDatabase;
let steps: Steps;
let authenticate: Authenticate;
beforeAll(async () => {
  database = await testDatabase("account");
  const boards = await loadBoards(["account"]);
  const hosted = boards.flatMap(({ components }) =>
    components.map(({ contract, handlers }): [string, HostedSteps] => [
      contract.name,
      {
        handlers: handlers as HostedSteps["handlers"],
        scene: (who, callKey) => sceneOf(database.db, who, { callKey }),
      },
    ]),
  );
  const ingress = { ingressUrl: "http://127.0.0.1:1", moduleToken: moduleTokens(testSettings) };
  steps = fusedSteps(new Map(hosted), ingress, true);
  authenticate = authenticator(testSettings.auth, steps);
});
afterAll(() => database.close());

/** Asks a step of the account module, as another module does. */
const ask = async <T>(contract: Contract, verb: string, input: unknown): Promise<T> => {
  const answer = await steps.answer(contract, verb, { input, callKey: randomUUID(), caller: "test" });
  if ("refused" in answer) throw new RefusalError(answer.refused);
  return answer.value as T;
};

const person = async (): Promise<Tokens> => {
  const email = `${randomUUID()}@example.com`;
  const password = "correct horse battery";
  await ask(Login, "register", { email, password, displayName: "Ada" });
  return ask<Tokens>(Login, "signIn", { email, password });
};

const CARD: Card = { who: "account" };
const admitted = ({ accessToken }: Tokens, card = CARD) =>
  authenticate(card, `Bearer ${accessToken}`, randomUUID());

describe("authenticate", () => {
  it("a suspended account is refused at once (ACCOUNT_SUSPENDED); a lift makes the same token good again", async () => {
    const [ada, bob] = [await person(), await person()];
    const { accountId } = ada;
    expect(await admitted(ada)).toMatchObject({ kind: "account", accountId });
    await ask(Profile, "suspend", { accountId, reason: "counterfeits" });
    await expect(admitted(ada)).rejects.toMatchObject({ code: "ACCOUNT_SUSPENDED", status: 403, data: {} });
    expect(await admitted(bob)).toMatchObject({ accountId: bob.accountId });
    await ask(Profile, "lift", { accountId });
    expect(await admitted(ada)).toMatchObject({ accountId });
  });

  it("a closed session is told that before a suspension (UNAUTHENTICATED)", async () => {
    const ada = await person();
    const { signOut } = (await loadBoards(["account"]))[0]!.components.find(
      ({ contract }) => contract.name === "Login",
    )!.handlers;
    const who = await admitted(ada);
    await signOut!({}, sceneOf(database.db, who));
    await ask(Profile, "suspend", { accountId: ada.accountId, reason: "counterfeits" });
    await expect(admitted(ada)).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
      data: { reason: "revoked" },
    });
  });

  it("what anyone may call asks nothing, and a role that is missing is refused before the session is looked up", async () => {
    const ada = await person();
    expect(await authenticate({ who: "anyone" }, undefined, randomUUID())).toEqual({ kind: "anyone" });
    await expect(admitted(ada, { who: "operator" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    const module = await moduleTokens(testSettings)("order");
    expect(await authenticate({ who: "module" }, `Bearer ${module}`, randomUUID())).toEqual(
      asModule("order"),
    );
    await expect(admitted(ada, { who: "module" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
