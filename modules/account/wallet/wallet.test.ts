import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Wallet, WalletRefusals } from "@shopnexus/contracts/account/wallet";
import type { In } from "@shopnexus/contracts/kit/contract";
import { freshId } from "@shopnexus/contracts/kit/id";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { audit } from "./audit.ts";
import { balance } from "./balance.ts";
import { balances } from "./balances.ts";
import { entries } from "./entries.ts";
import { post } from "./post.ts";
import { postAll } from "./post-all.ts";

type Posting = In<typeof Wallet, "post">;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("account");
});
afterAll(() => database.close());

const scene = () => sceneOf(database.db, asModule("order"));
const escrow = () => `escrow:${freshId("ord")}`;
const wallet = () => `wallet:${freshId("acc")}`;
const GATEWAY = "gateway:stripe";

/** What moves from the first account of the pair to the second. */
const transfer = (from: string, to: string, minor: number): Posting => ({
  entryKey: freshId("evt"),
  kind: "capture",
  reference: freshId("chk"),
  lines: [
    { account: from, minor: -minor, currency: "USD" },
    { account: to, minor, currency: "USD" },
  ],
});

const held = async (account: string) => (await balance({ account }, scene())).balances;
const clean = { unbalanced: [], drifted: [] };

describe("Wallet/post", () => {
  it("an entry moves every account it names, and can be read by its reference", async () => {
    const [order, seller, reference] = [escrow(), wallet(), freshId("ord")];
    const capture = transfer(GATEWAY, order, 1_000);
    await post(capture, scene());
    const payout: Posting = { ...transfer(order, seller, 900), kind: "payout", reference };
    const lines = [...payout.lines, { account: order, minor: -100, currency: "USD" }];
    const fee = { account: "platform:income", minor: 100, currency: "USD" };
    const { entryId } = await post({ ...payout, lines: [...lines, fee] }, scene());

    expect(await held(order)).toEqual([{ minor: 0, currency: "USD" }]);
    expect(await held(seller)).toEqual([{ minor: 900, currency: "USD" }]);
    expect(await held("platform:income")).toEqual([{ minor: 100, currency: "USD" }]);
    const posted = Wallet._handlers.entries.output.parse(await entries({ reference }, scene())).entries;
    expect(posted).toMatchObject([
      { entryId, entryKey: payout.entryKey, kind: "payout", lines: [...lines, fee] },
    ]);
  });

  it("currencies do not mix: each adds up on its own", async () => {
    const seller = wallet();
    const dong = [
      { account: GATEWAY, minor: -25_000, currency: "VND" },
      { account: seller, minor: 25_000, currency: "VND" },
    ];
    const dollars = transfer(GATEWAY, seller, 500);
    await post({ ...dollars, lines: [...dollars.lines, ...dong] }, scene());
    expect(await held(seller)).toEqual([
      { minor: 500, currency: "USD" },
      { minor: 25_000, currency: "VND" },
    ]);
  });

  it("lines that do not add up are refused (ENTRY_UNBALANCED), also across currencies", async () => {
    const seller = wallet();
    const posting = transfer(GATEWAY, seller, 500);
    const [first, second] = posting.lines;
    for (const lines of [
      [first!, { ...second!, minor: 499 }],
      [first!, { ...second!, currency: "EUR" }],
    ]) {
      await expect(post({ ...posting, lines }, scene())).rejects.toMatchObject({
        code: WalletRefusals.ENTRY_UNBALANCED.code,
      });
    }
    expect(await held(seller)).toEqual([]);
  });

  it("the same key and the same lines, in any order: the same entry, posted once", async () => {
    const seller = wallet();
    const posting = transfer(GATEWAY, seller, 700);
    const once = await post(posting, scene());
    expect(await post(posting, scene())).toEqual(once);
    expect(await post({ ...posting, lines: posting.lines.toReversed() }, scene())).toEqual(once);
    expect(await held(seller)).toEqual([{ minor: 700, currency: "USD" }]);
  });

  it("the same key for another entry is refused (ENTRY_KEY_REUSED)", async () => {
    const seller = wallet();
    const posting = transfer(GATEWAY, seller, 700);
    await post(posting, scene());
    const others: Posting[] = [
      { ...transfer(GATEWAY, seller, 701), entryKey: posting.entryKey, reference: posting.reference },
      { ...posting, kind: "refund" },
      { ...posting, reference: freshId("ord") },
    ];
    for (const other of others) {
      await expect(post(other, scene())).rejects.toMatchObject({ code: "ENTRY_KEY_REUSED" });
    }
    expect(await held(seller)).toEqual([{ minor: 700, currency: "USD" }]);
  });

  it("escrow and wallet never go below zero (FUNDS_SHORT), and nothing of the entry stays", async () => {
    const [order, seller, buyer] = [escrow(), wallet(), wallet()];
    await post(transfer(GATEWAY, order, 1_000), scene());
    const tooMuch = transfer(order, seller, 1_001);
    const short = { code: "FUNDS_SHORT", data: { account: order } };
    await expect(post(tooMuch, scene())).rejects.toMatchObject(short);
    await expect(post(transfer(buyer, seller, 1), scene())).rejects.toMatchObject({
      code: "FUNDS_SHORT",
      data: { account: buyer },
    });
    expect(await held(order)).toEqual([{ minor: 1_000, currency: "USD" }]);
    expect(await held(seller)).toEqual([]);
    expect((await entries({ reference: tooMuch.reference }, scene())).entries).toEqual([]);
    await post(transfer(GATEWAY, order, 1), scene());
    await post(tooMuch, scene());
    expect(await held(seller)).toEqual([{ minor: 1_001, currency: "USD" }]);
  });

  it("what passes through an account within one entry may exceed what it holds", async () => {
    const [buyer, seller] = [wallet(), wallet()];
    const through = transfer(buyer, seller, 50);
    await post({ ...through, lines: [...transfer(GATEWAY, buyer, 50).lines, ...through.lines] }, scene());
    expect(await held(buyer)).toEqual([{ minor: 0, currency: "USD" }]);
    expect(await held(seller)).toEqual([{ minor: 50, currency: "USD" }]);
  });

  it("fifty at once with one key: one entry", async () => {
    const order = escrow();
    const posting = transfer(GATEWAY, order, 100);
    const posted = await Promise.all(Array.from({ length: 50 }, () => post(posting, scene())));
    expect(new Set(posted.map(({ entryId }) => entryId)).size).toBe(1);
    expect(await held(order)).toEqual([{ minor: 100, currency: "USD" }]);
    expect((await entries({ reference: posting.reference }, scene())).entries).toHaveLength(1);
  });

  it("thirty at once against money for ten: ten are paid, twenty refused, nothing below zero", async () => {
    const [order, seller] = [escrow(), wallet()];
    await post(transfer(GATEWAY, order, 1_000), scene());
    const tries = Array.from({ length: 30 }, () => post(transfer(order, seller, 100), scene()));
    const ends = await Promise.allSettled(tries);
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    expect(await held(order)).toEqual([{ minor: 0, currency: "USD" }]);
    expect(await held(seller)).toEqual([{ minor: 1_000, currency: "USD" }]);
  });

  it("entries that share accounts crosswise, many at once, all come through", async () => {
    const accounts = Array.from({ length: 4 }, wallet);
    await Promise.all(accounts.map((account) => post(transfer(GATEWAY, account, 10_000), scene())));
    const crossing = Array.from({ length: 60 }, (_, at) =>
      post(transfer(accounts[at % 4]!, accounts[(at * 3 + 1) % 4]!, 1), scene()),
    );
    expect((await Promise.allSettled(crossing)).filter(({ status }) => status === "rejected")).toEqual([]);
    expect(await audit({}, scene())).toMatchObject(clean);
  });
});

describe("Wallet/post that overdraws", () => {
  const owed = (from: string, minor: number): Posting => ({
    ...transfer(from, GATEWAY, minor),
    overdraws: true,
  });

  it("takes a wallet below zero, with a row or without one; the next sales repay it", async () => {
    const [seller, newcomer] = [wallet(), wallet()];
    await post(transfer(GATEWAY, seller, 100), scene());
    await post(owed(seller, 250), scene());
    await post(owed(newcomer, 40), scene());
    expect(await held(seller)).toEqual([{ minor: -150, currency: "USD" }]);
    expect(await held(newcomer)).toEqual([{ minor: -40, currency: "USD" }]);
    expect((await audit({}, scene())).negative).toEqual(expect.arrayContaining([`${seller} USD`]));

    await post(transfer(GATEWAY, seller, 100), scene());
    await expect(post(transfer(seller, GATEWAY, 1), scene())).rejects.toMatchObject({
      code: "FUNDS_SHORT",
      data: { account: seller },
    });
    await post(transfer(GATEWAY, seller, 60), scene());
    await post(transfer(seller, GATEWAY, 10), scene());
    expect(await held(seller)).toEqual([{ minor: 0, currency: "USD" }]);
  });

  it("takes no escrow below zero (FUNDS_SHORT)", async () => {
    const order = escrow();
    await post(transfer(GATEWAY, order, 5), scene());
    await expect(post(owed(order, 6), scene())).rejects.toMatchObject({ code: "FUNDS_SHORT" });
    await expect(post(owed(escrow(), 1), scene())).rejects.toMatchObject({ code: "FUNDS_SHORT" });
  });

  it("is another entry than one that does not (ENTRY_KEY_REUSED)", async () => {
    const seller = wallet();
    await post(transfer(GATEWAY, seller, 5), scene());
    const { overdraws: _overdraws, ...plain } = owed(seller, 5);
    await post(plain, scene());
    const again = post({ ...plain, overdraws: true }, scene());
    await expect(again).rejects.toMatchObject({ code: "ENTRY_KEY_REUSED" });
  });

  it("twenty at once on one wallet, with and without: the sum is exact", async () => {
    const seller = wallet();
    await post(transfer(GATEWAY, seller, 500), scene());
    const tries = Array.from({ length: 20 }, (_, at) =>
      post(at % 2 === 0 ? owed(seller, 100) : transfer(seller, GATEWAY, 100), scene()),
    );
    const done = (await Promise.allSettled(tries)).filter(({ status }) => status === "fulfilled").length;
    expect(done).toBeGreaterThanOrEqual(10);
    expect(done).toBeLessThanOrEqual(15);
    expect(await held(seller)).toEqual([{ minor: 500 - 100 * done, currency: "USD" }]);
  });
});

describe("Wallet/postAll", () => {
  it("posts in the order given: each finds what those before it left", async () => {
    const [order, seller] = [escrow(), wallet()];
    const postings = [
      transfer(GATEWAY, order, 100),
      transfer(order, seller, 90),
      transfer(order, "platform:income", 10),
    ];
    const { entryIds } = await postAll({ postings }, scene());
    expect(await Promise.all(postings.map(async (one) => (await post(one, scene())).entryId))).toEqual(
      entryIds,
    );
    expect(await held(order)).toEqual([{ minor: 0, currency: "USD" }]);
    expect(await held(seller)).toEqual([{ minor: 90, currency: "USD" }]);
    const back = [transfer(seller, order, 100), transfer(GATEWAY, seller, 100)];
    await expect(postAll({ postings: back }, scene())).rejects.toMatchObject({ code: "FUNDS_SHORT" });
    await postAll({ postings: back.toReversed() }, scene());
  });

  it("one that cannot be posted leaves none (FUNDS_SHORT, ENTRY_UNBALANCED, ENTRY_KEY_REUSED)", async () => {
    const [seller, reference] = [wallet(), freshId("ord")];
    const good = { ...transfer(GATEWAY, seller, 100), reference };
    const short = transfer(wallet(), seller, 1);
    const lopsided = { ...good, entryKey: freshId("evt"), lines: [good.lines[0]!, good.lines[0]!] };
    const twin = { ...good, kind: "refund" as const };
    await post(transfer(GATEWAY, seller, 7), scene());
    for (const [bad, code] of [
      [short, "FUNDS_SHORT"],
      [lopsided, "ENTRY_UNBALANCED"],
      [twin, "ENTRY_KEY_REUSED"],
    ] as const) {
      await expect(postAll({ postings: [good, bad] }, scene())).rejects.toMatchObject({ code });
    }
    expect(await held(seller)).toEqual([{ minor: 7, currency: "USD" }]);
    expect((await entries({ reference }, scene())).entries).toEqual([]);
  });

  it("again, in part, and twenty at once: each entry once", async () => {
    const [one, other] = [wallet(), wallet()];
    const postings = [transfer(GATEWAY, one, 10), transfer(GATEWAY, other, 20), transfer(one, other, 5)];
    await post(postings[1]!, scene());
    const orders = Array.from({ length: 20 }, (_, at) =>
      at % 2 === 0 ? postings : [...postings, postings[0]!],
    );
    const posted = await Promise.all(orders.map((all) => postAll({ postings: all }, scene())));
    expect(new Set(posted.map(({ entryIds }) => entryIds.slice(0, 3).join())).size).toBe(1);
    expect(await balances({ accounts: [other, GATEWAY.replace("stripe", "none"), one] }, scene())).toEqual({
      balances: [
        { account: other, sums: [{ minor: 25, currency: "USD" }] },
        { account: "gateway:none", sums: [] },
        { account: one, sums: [{ minor: 5, currency: "USD" }] },
      ],
    });
  });
});
