import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Statement } from "@shopnexus/contracts/account/statement";
import type { Out } from "@shopnexus/contracts/kit/contract";
import { freshId } from "@shopnexus/contracts/kit/id";
import { instant } from "@shopnexus/contracts/kit/time";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { balance } from "../wallet/balance.ts";
import { entries } from "../wallet/entries.ts";
import { free } from "../wallet/free.ts";
import { hold } from "../wallet/hold.ts";
import { post } from "../wallet/post.ts";
import { list } from "./list.ts";
import { mine } from "./mine.ts";
import { trialBalance } from "./trial-balance.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("account");
});
afterAll(() => database.close());

const there = () => sceneOf(database.db, asModule("order"));
const own = (accountId: string) => sceneOf(database.db, asAccount(accountId));
const GATEWAY = "gateway:stripe";

type Money = { minor: number; currency: string };
const usd = (minor: number): Money => ({ minor, currency: "USD" });

const move = async (from: string, to: string, { minor, currency }: Money) => {
  const reference = freshId("ord");
  const lines = [
    { account: from, minor: -minor, currency },
    { account: to, minor, currency },
  ];
  await post({ entryKey: freshId("evt"), kind: "release", reference, lines, overdraws: true }, there());
  return reference;
};
const earn = (accountId: string, amount: Money) => move(GATEWAY, `wallet:${accountId}`, amount);
const setAside = async (accountId: string, minor: number): Promise<string> => {
  const walletHoldId = freshId("whd");
  const amount = { minor, currency: "USD" };
  await hold({ walletHoldId, accountId, amount, reference: freshId("pay") }, there());
  return walletHoldId;
};

describe("Statement/mine", () => {
  it("what is available and what is held, currency by currency, and nobody else's", async () => {
    const [ada, bob] = [freshId("acc"), freshId("acc")];
    await earn(ada, { minor: 25_000, currency: "VND" });
    await earn(ada, usd(100));
    await setAside(ada, 30);
    await earn(bob, usd(7));
    const { funds } = Statement._handlers.mine.output.parse(await mine({}, own(ada)));
    expect(funds).toEqual([
      { available: { minor: 70, currency: "USD" }, held: { minor: 30, currency: "USD" } },
      { available: { minor: 25_000, currency: "VND" }, held: { minor: 0, currency: "VND" } },
    ]);
    expect(await mine({}, own(freshId("acc")))).toEqual({ funds: [] });
  });
});

type Line = Out<typeof Statement, "list">["items"][number];

const pages = async (accountId: string, limit: number): Promise<Line[]> => {
  const found: Line[] = [];
  for (let after: string | undefined; ; ) {
    const page = await list(after === undefined ? { limit } : { limit, after }, own(accountId));
    found.push(...Statement._handlers.list.output.parse(page).items);
    if (page.next === undefined) return found;
    after = page.next;
  }
};

describe("Statement/list", () => {
  it("says newest first what each entry did to each part, and what it left there", async () => {
    const ada = freshId("acc");
    const reference = await earn(ada, usd(100));
    const walletHoldId = await setAside(ada, 30);
    await free({ walletHoldId }, there());
    const { items } = await list({}, own(ada));
    const told = items.map(({ kind, part, minor, balanceAfter }) => [kind, part, minor, balanceAfter]);
    expect(told).toEqual([
      ["free", "available", 30, 100],
      ["free", "held", -30, 0],
      ["hold", "available", -30, 70],
      ["hold", "held", 30, 30],
      ["release", "available", 100, 100],
    ]);
    const [earned] = (await entries({ reference }, there())).entries;
    const { entryId, postedAt: at } = earned!;
    expect(items.at(-1)).toEqual({
      entryId,
      at,
      reference,
      kind: "release",
      part: "available",
      currency: "USD",
      minor: 100,
      balanceAfter: 100,
    });
  });

  it("pages of any size are the same whole, each line once", async () => {
    const [ada, bob] = [freshId("acc"), freshId("acc")];
    for (let at = 1; at <= 6; at += 1) {
      await earn(ada, { minor: at, currency: at % 2 === 0 ? "VND" : "USD" });
      await earn(bob, usd(1));
      if (at % 3 === 0) await setAside(ada, 1);
    }
    const whole = await pages(ada, 100);
    expect(whole).toHaveLength(10);
    for (const limit of [1, 2, 3, 9, 10, 11]) expect(await pages(ada, limit)).toEqual(whole);
  });

  it("twenty moves at once, down and up: each line follows from the one before it", async () => {
    const ada = freshId("acc");
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        at % 2 === 0 ? earn(ada, usd(at + 1)) : move(`wallet:${ada}`, "bank:sandbox", usd(at + 1)),
      ),
    );
    const lines = (await pages(ada, 7)).toReversed();
    let held = 0;
    for (const { minor, balanceAfter } of lines) {
      held += minor;
      expect(balanceAfter).toBe(held);
    }
    expect(lines).toHaveLength(20);
    expect((await mine({}, own(ada))).funds).toMatchObject([{ available: { minor: held } }]);
  });

  it("a cursor that is not ours is refused (INVALID_INPUT)", async () => {
    for (const after of ["0", "-1", "x", "99999999999999999999", "1.5"])
      await expect(list({ after }, own(freshId("acc")))).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("Statement/trialBalance and Wallet/balance at a time", () => {
  it("debits and credits come to the same in each currency, now and at any time before", async () => {
    const [ada, order] = [freshId("acc"), `escrow:${freshId("ord")}`];
    const other = await testDatabase("account");
    const apart = sceneOf(other.db, asModule("order"));
    const transfer = async (from: string, to: string, minor: number): Promise<string> => {
      const reference = freshId("ord");
      const lines = [
        { account: from, minor: -minor, currency: "USD" },
        { account: to, minor, currency: "USD" },
      ];
      await post({ entryKey: reference, kind: "release", reference, lines }, apart);
      const [posted] = (await entries({ reference }, apart)).entries;
      return posted!.postedAt;
    };
    await transfer(GATEWAY, order, 100);
    const before = await transfer(order, "platform:income", 10);
    // Another millisecond: an instant on the wire is no finer than that.
    while (instant(Date.now()) <= before) await new Promise(setImmediate);
    const after = await transfer(order, `wallet:${ada}`, 90);
    const row = (accounts: string, debitMinor: number, creditMinor: number) => ({
      accounts,
      currency: "USD",
      debitMinor,
      creditMinor,
    });
    const then = [row("escrow", 10, 100), row("gateway", 100, 0), row("platform:income", 0, 10)];
    const now = [row("escrow", 100, 100), ...then.slice(1), row("wallet", 0, 90)];
    const at = before;
    expect(await trialBalance({}, apart)).toEqual({ rows: now });
    expect(await trialBalance({ at }, apart)).toEqual({ rows: then });
    expect(await trialBalance({ at: after }, apart)).toEqual({ rows: now });

    const held = async (account: string, input: { at?: string } = {}) =>
      (await balance({ account, ...input }, apart)).balances.map(({ minor }) => minor);
    expect([await held(order), await held(order, { at })]).toEqual([[0], [90]]);
    expect([await held(`wallet:${ada}`), await held(`wallet:${ada}`, { at })]).toEqual([[90], []]);
    expect([await held(GATEWAY), await held(GATEWAY, { at: instant(0) })]).toEqual([[-100], []]);
    await other.close();
  });
});
