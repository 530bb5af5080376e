import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import type { In } from "@shopnexus/contracts/kit/contract";
import { freshId } from "@shopnexus/contracts/kit/id";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { audit } from "./audit.ts";
import { balances } from "./balances.ts";
import { entries } from "./entries.ts";
import { free } from "./free.ts";
import { hold } from "./hold.ts";
import { post } from "./post.ts";
import { spend } from "./spend.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("account");
});
afterAll(() => database.close());

const scene = () => sceneOf(database.db, asModule("order"));
const GATEWAY = "gateway:stripe";
const usd = (account: string, minor: number) => ({ account, minor, currency: "USD" });

/** An account with that much in its wallet. */
const person = async (minor: number): Promise<string> => {
  const accountId = freshId("acc");
  const lines = [usd(GATEWAY, -minor), usd(`wallet:${accountId}`, minor)];
  const posting = { entryKey: freshId("evt"), kind: "adjustment" as const, reference: freshId("evt"), lines };
  if (minor > 0) await post(posting, scene());
  return accountId;
};

const asked = (accountId: string, minor: number): In<typeof Wallet, "hold"> => ({
  walletHoldId: freshId("whd"),
  accountId,
  amount: { minor, currency: "USD" },
  reference: freshId("chk"),
});
type Ask = ReturnType<typeof asked>;

const spending = ({ walletHoldId, accountId, amount, reference }: Ask, to = `escrow:${freshId("ord")}`) => ({
  walletHoldId,
  entryKey: freshId("evt"),
  kind: "capture" as const,
  reference,
  lines: [usd(`held:${accountId}`, -amount.minor), usd(to, amount.minor)],
});

/** What is available, and what is held. */
const parts = async (accountId: string): Promise<number[]> => {
  const accounts = [`wallet:${accountId}`, `held:${accountId}`];
  const found = await balances({ accounts }, scene());
  return found.balances.map(({ sums }) => sums[0]?.minor ?? 0);
};
const clean = async () => expect(await audit({}, scene())).toMatchObject({ unbalanced: [], drifted: [] });
const code = (code: string, rest: object = {}) => ({ code, ...rest });

describe("Wallet/hold", () => {
  it("the same hold twice, and twenty at once, holds once", async () => {
    const accountId = await person(100);
    const ask = asked(accountId, 60);
    await Promise.all(Array.from({ length: 20 }, () => hold(ask, scene())));
    await hold(ask, scene());
    expect(await parts(accountId)).toEqual([40, 60]);
    const posted = (await entries({ reference: ask.reference }, scene())).entries;
    expect(posted).toMatchObject([{ entryKey: `${ask.walletHoldId}/hold`, kind: "hold" }]);
  });

  it("more than there is is refused (FUNDS_SHORT) and leaves nothing: it may be held later", async () => {
    const accountId = await person(50);
    const ask = asked(accountId, 60);
    const short = code("FUNDS_SHORT", { data: { account: `wallet:${accountId}` } });
    await expect(hold(ask, scene())).rejects.toMatchObject(short);
    await expect(hold(asked(await person(0), 1), scene())).rejects.toMatchObject(code("FUNDS_SHORT"));
    expect(await parts(accountId)).toEqual([50, 0]);
    const more = [usd(GATEWAY, -10), usd(`wallet:${accountId}`, 10)];
    await post({ ...spending(ask), lines: more, entryKey: freshId("evt") }, scene());
    await hold(ask, scene());
    expect(await parts(accountId)).toEqual([0, 60]);
  });

  it("one that overdraws takes the wallet below zero, and its free repays it", async () => {
    const accountId = await person(10);
    const ask = { ...asked(accountId, 60), overdraws: true as const };
    await hold(ask, scene());
    expect(await parts(accountId)).toEqual([-50, 60]);
    await free(ask, scene());
    expect(await parts(accountId)).toEqual([10, 0]);
  });

  it("another hold under the same id is refused (WALLET_HOLD_DIFFERS)", async () => {
    const accountId = await person(100);
    const ask = asked(accountId, 60);
    await hold(ask, scene());
    for (const other of [
      { ...ask, amount: { minor: 59, currency: "USD" } },
      { ...ask, amount: { minor: 60, currency: "VND" } },
      { ...ask, accountId: freshId("acc") },
      { ...ask, reference: freshId("chk") },
      { ...ask, overdraws: true as const },
    ]) {
      await expect(hold(other, scene())).rejects.toMatchObject(code("WALLET_HOLD_DIFFERS"));
    }
    expect(await parts(accountId)).toEqual([40, 60]);
  });

  it("twenty holds at once on one wallet: what fits is held, the rest is refused (FUNDS_SHORT), sums exact", async () => {
    const accountId = await person(100);
    const ends = await Promise.allSettled(
      Array.from({ length: 20 }, () => hold(asked(accountId, 10), scene())),
    );
    const reasons = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.code] : []));
    expect(reasons).toEqual(Array.from({ length: 10 }, () => "FUNDS_SHORT"));
    expect(await parts(accountId)).toEqual([0, 100]);
    await clean();
  });
});

describe("Wallet/free", () => {
  it("gives back once, also twenty at once; a hold after it is refused (WALLET_HOLD_GONE)", async () => {
    const accountId = await person(100);
    const ask = asked(accountId, 60);
    await hold(ask, scene());
    await Promise.all(Array.from({ length: 20 }, () => free(ask, scene())));
    expect(await parts(accountId)).toEqual([100, 0]);
    const gone = code("WALLET_HOLD_GONE", { data: { state: "freed" } });
    await expect(hold(ask, scene())).rejects.toMatchObject(gone);
    expect(await parts(accountId)).toEqual([100, 0]);
  });

  it("of a hold that never was makes a late one refuse (WALLET_HOLD_GONE)", async () => {
    const ask = asked(await person(100), 60);
    await free(ask, scene());
    await free(ask, scene());
    await expect(hold(ask, scene())).rejects.toMatchObject(code("WALLET_HOLD_GONE"));
  });

  it("of a spent hold changes nothing", async () => {
    const accountId = await person(100);
    const ask = asked(accountId, 60);
    await hold(ask, scene());
    await spend(spending(ask), scene());
    await free(ask, scene());
    expect(await parts(accountId)).toEqual([40, 0]);
    await hold(ask, scene());
    expect(await parts(accountId)).toEqual([40, 0]);
  });
});

describe("Wallet/spend", () => {
  it("takes all of the hold to where it goes; the same again, and twenty at once: the same entry", async () => {
    const accountId = await person(100);
    const ask = asked(accountId, 60);
    await hold(ask, scene());
    const order = `escrow:${freshId("ord")}`;
    const input = spending(ask, order);
    const spent = await Promise.all(Array.from({ length: 20 }, () => spend(input, scene())));
    expect(new Set(spent.map(({ entryId }) => entryId)).size).toBe(1);
    expect(await spend(input, scene())).toEqual(spent[0]);
    expect(await parts(accountId)).toEqual([40, 0]);
    const found = await balances({ accounts: [order] }, scene());
    expect(found.balances).toEqual([{ account: order, sums: [{ minor: 60, currency: "USD" }] }]);
  });

  it("of a hold that was freed, spent for something else, or never was, is refused (WALLET_HOLD_GONE)", async () => {
    const accountId = await person(100);
    const [freed, spent] = [asked(accountId, 10), asked(accountId, 10)];
    for (const ask of [freed, spent]) await hold(ask, scene());
    await free(freed, scene());
    await spend(spending(spent), scene());
    for (const [ask, state] of [
      [freed, "freed"],
      [spent, "spent"],
      [asked(accountId, 10), "unknown"],
    ] as const) {
      const gone = code("WALLET_HOLD_GONE", { data: { state } });
      await expect(spend(spending(ask), scene())).rejects.toMatchObject(gone);
    }
    expect(await parts(accountId)).toEqual([90, 0]);
  });

  it("lines that take more, less, or another's are refused (WALLET_HOLD_DIFFERS), and the hold still holds", async () => {
    const [accountId, other] = [await person(100), await person(100)];
    const ask = asked(accountId, 60);
    await hold(ask, scene());
    await hold(asked(accountId, 30), scene());
    await hold(asked(other, 60), scene());
    const input = spending(ask, "platform:income");
    for (const lines of [
      [usd(`held:${accountId}`, -59), usd("platform:income", 59)],
      [usd(`held:${accountId}`, -61), usd("platform:income", 61)],
      [usd(`held:${other}`, -60), usd("platform:income", 60)],
      [...input.lines, usd(`held:${other}`, -1), usd("platform:income", 1)],
      [usd(GATEWAY, -60), usd("platform:income", 60)],
    ]) {
      const differs = spend({ ...input, lines }, scene());
      await expect(differs).rejects.toMatchObject(code("WALLET_HOLD_DIFFERS"));
    }
    await spend(input, scene());
    expect(await parts(accountId)).toEqual([10, 30]);
  });

  it("refuses what no entry may be (ENTRY_UNBALANCED, ENTRY_KEY_REUSED, FUNDS_SHORT), and the hold still holds", async () => {
    const accountId = await person(100);
    const [ask, twin] = [asked(accountId, 20), asked(accountId, 20)];
    for (const one of [ask, twin]) await hold(one, scene());
    const input = spending(ask, "platform:income");
    const short = [...input.lines, usd(`escrow:${freshId("ord")}`, -1), usd("platform:income", 1)];
    const lopsided = [input.lines[0]!, usd("platform:income", 19)];
    await expect(spend({ ...input, lines: lopsided }, scene())).rejects.toMatchObject(
      code("ENTRY_UNBALANCED"),
    );
    await expect(spend({ ...input, lines: short }, scene())).rejects.toMatchObject(code("FUNDS_SHORT"));
    expect(await parts(accountId)).toEqual([60, 40]);
    await spend(input, scene());
    for (const reused of [
      { ...input, kind: "refund" as const },
      { ...input, walletHoldId: twin.walletHoldId },
    ]) {
      await expect(spend(reused, scene())).rejects.toMatchObject(code("ENTRY_KEY_REUSED"));
    }
    expect(await parts(accountId)).toEqual([60, 20]);
  });
});

describe("holds", () => {
  it("of nothing post nothing, and end like others", async () => {
    const accountId = await person(0);
    const [spent, freed] = [asked(accountId, 0), asked(accountId, 0)];
    for (const ask of [spent, freed]) await hold(ask, scene());
    await spend(spending(spent), scene());
    await free(freed, scene());
    expect(await parts(accountId)).toEqual([0, 0]);
    expect((await entries({ reference: freed.reference }, scene())).entries).toEqual([]);
    await clean();
  });

  it("a posting cannot name what is held: only holds move it", () => {
    const { walletHoldId: _hold, ...posting } = spending(asked(freshId("acc"), 5));
    expect(Wallet._handlers.post.input.safeParse(posting).success).toBe(false);
  });

  it("hold, free and spend that overtake each other: each hold ends in one way, and no money is lost", async () => {
    for (let round = 0; round < 15; round += 1) {
      const accountId = await person(100);
      const ask = asked(accountId, 60);
      const input = spending(ask);
      const first = round % 3 === 0 ? [hold(ask, scene())] : [];
      await Promise.all(first);
      const works = [() => hold(ask, scene()), () => free(ask, scene()), () => spend(input, scene())];
      const twice = round % 2 === 0 ? [...works, ...works] : [...works, ...works].toReversed();
      const ends = await Promise.allSettled(twice.map((work) => work()));
      const reasons = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.code] : []));
      expect(new Set([...reasons, "WALLET_HOLD_GONE"])).toEqual(new Set(["WALLET_HOLD_GONE"]));
      await free(ask, scene());
      expect([
        [100, 0],
        [40, 0],
      ]).toContainEqual(await parts(accountId));
    }
    await clean();
  });
});
