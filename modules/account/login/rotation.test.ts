/** Any history of one session, against a model of what a refresh token may do. */
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Tokens } from "@shopnexus/contracts/account/login";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { assert } from "#modules/_kit/assert.ts";
import { verifyToken } from "#modules/_kit/token.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAnyone, sceneOf } from "#tools/testkit/scene.ts";
import { testSettings } from "#tools/testkit/settings.ts";
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

const RUNS = 40;
const PASSWORD = "correct horse battery";
const scene = () => sceneOf(database.db, asAnyone);

/** What one session has seen: tokens in order of issue, the last one unused; and the calls that made them. */
type World = { tokens: Tokens[]; calls: string[]; isOpen: boolean; sessionScene: ReturnType<typeof scene> };

const begin = async (email: string): Promise<World> => {
  const first = await signIn({ email, password: PASSWORD }, scene());
  const verified = await verifyToken(testSettings.auth, first.accessToken);
  assert("principal" in verified, "the token is our own");
  return {
    tokens: [first],
    calls: [],
    isOpen: true,
    sessionScene: sceneOf(database.db, verified.principal),
  };
};

const codeOf = (error: unknown): string => (error instanceof RefusalError ? error.code : String(error));

/** A refresh by a new call: the next pair, or the code of its refusal. */
const trade = (refreshToken: string, callKey: string): Promise<Tokens | string> =>
  refresh({ refreshToken }, { ...scene(), callKey }).catch(codeOf);

type Move = (world: World) => Promise<void>;

const current: Move = async (world) => {
  const { callKey } = scene();
  const next = await trade(world.tokens.at(-1)!.refreshToken, callKey);
  if (!world.isOpen) return expect(next).toBe("REFRESH_INVALID");
  expect(next).toMatchObject({ accountId: world.tokens[0]!.accountId });
  world.tokens.push(next as Tokens);
  world.calls.push(callKey);
};

const used =
  (pick: number): Move =>
  async (world) => {
    const spent = world.tokens.slice(0, -1);
    if (spent.length === 0) return;
    const { callKey } = scene();
    expect(await trade(spent[pick % spent.length]!.refreshToken, callKey)).toBe("REFRESH_REUSED");
    Object.assign(world, { isOpen: false });
  };

/** An earlier call that comes again, as after a crash: the same pair, whatever has happened since. */
const again =
  (pick: number): Move =>
  async ({ tokens, calls }) => {
    if (calls.length === 0) return;
    const at = pick % calls.length;
    expect(await trade(tokens[at]!.refreshToken, calls[at]!)).toEqual(tokens[at + 1]);
  };

const unknown: Move = async () => {
  expect(await trade("0".repeat(43), scene().callKey)).toBe("REFRESH_INVALID");
};

const leave: Move = async (world) => {
  const { callKey } = scene();
  const left = await signOut({}, { ...world.sessionScene, callKey }).catch(codeOf);
  expect(left).toEqual(world.isOpen ? {} : "UNAUTHENTICATED");
  Object.assign(world, { isOpen: false });
};

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(current) },
  { weight: 1, arbitrary: fc.nat().map(used) },
  { weight: 3, arbitrary: fc.nat().map(again) },
  { weight: 1, arbitrary: fc.constant(unknown) },
  { weight: 1, arbitrary: fc.constant(leave) },
);

it("Login/refresh: in any history one token is good, once, and a closed session stays closed", async () => {
  const email = `${scene().callKey}@example.com`;
  await register({ email, password: PASSWORD, displayName: "Ada" }, scene());
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 12 }), async (moves) => {
      const world = await begin(email);
      for (const step of moves) {
        await step(world);
        const { who } = world.sessionScene;
        assert(who.kind === "account", "the token is our own");
        expect(await live({ sessionId: who.sessionId }, scene())).toEqual({
          live: world.isOpen,
          suspended: false,
        });
      }
    }),
    { numRuns: RUNS },
  );
});
