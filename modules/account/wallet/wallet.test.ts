import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Wallet, WalletRefusals } from "@shopnexus/contracts/account/wallet";
import type { In } from "@shopnexus/contracts/kit/contract";
import { freshId } from "@shopnexus/contracts/kit/id";
import { sql } from "drizzle-orm";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { audit } from "./audit.ts";
import { balance } from "./balance.ts";
import { entries } from "./entries.ts";
import { post } from "./post.ts";

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
const clean = { unbalanced: [], drifted: [], negative: [] };

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
    expect(await audit({}, scene())).toEqual(clean);
  });
});

describe("Wallet/audit", () => {
  it("a ledger that is in order gives two empty lists", async () => {
    await post(transfer(GATEWAY, wallet(), 1), scene());
    expect(await audit({}, scene())).toEqual(clean);
  });

  it("an entry without lines and a balance that drifted are named", async () => {
    const other = await testDatabase("account");
    const there = sceneOf(other.db, asModule("order"));
    const seller = wallet();
    await post(transfer(GATEWAY, seller, 5), there);
    await other.db.execute(sql`update account.balance set minor = 6 where account = ${seller}`);
    const entryId = freshId("ent");
    await other.db.execute(sql`insert into account.entry (entry_id, entry_key, reference, kind, line_count, body_hash)
      values (${entryId}, 'hollow', 'none', 'adjustment', 2, 'none')`);
    expect(await audit({}, there)).toEqual({
      unbalanced: [entryId],
      drifted: [`${seller} USD`],
      negative: [],
    });
    await other.close();
  });
});

describe("the ledger's tables", () => {
  const breaks = async (statement: string): Promise<string | undefined> =>
    database.db.execute(sql.raw(statement)).then(
      () => "nothing",
      (error: unknown) => brokenConstraint(error),
    );

  it("refuse to be changed, row by row or whole", async () => {
    const { entryId } = await post(transfer(GATEWAY, wallet(), 5), scene());
    const changes = [
      `update account.entry set kind = 'refund' where entry_id = '${entryId}'`,
      `update account.entry_line set minor = minor * 2 where entry_id = '${entryId}'`,
      `delete from account.entry_line where entry_id = '${entryId}'`,
      `delete from account.entry where entry_id = '${entryId}'`,
      "truncate account.entry_line",
      "truncate account.entry cascade",
      "delete from account.balance",
    ];
    for (const change of changes)
      expect([change, await breaks(change)]).toEqual([change, "ledger_append_only"]);
  });

  it("refuse lines that do not add up, that are not all, or that come later", async () => {
    const { entryId } = await post(transfer(GATEWAY, wallet(), 5), scene());
    const bare = freshId("ent");
    await database.db.execute(sql`insert into account.entry (entry_id, entry_key, reference, kind, line_count, body_hash)
      values (${bare}, ${bare}, 'none', 'adjustment', 3, 'none')`);
    const lines = (into: string, ...minors: number[]) =>
      breaks(`insert into account.entry_line (entry_id, position, account, currency, minor) values
        ${minors.map((minor, at) => `('${into}', ${at}, 'platform:test', 'USD', ${minor})`).join(", ")}`);
    expect(await lines(bare, 1, 1, -1)).toBe("entry_unbalanced");
    expect(await lines(bare, 1, -1)).toBe("entry_incomplete");
    expect(await lines(entryId, 1, -1)).toBe("entry_line_position_twice");
    expect(await lines(bare, 1, 1, -2)).toBe("nothing");
  });

  it("refuse a balance below zero, and one of an account that is not guarded", async () => {
    const insert = (account: string, minor: number) =>
      breaks(`insert into account.balance (account, currency, minor) values ('${account}', 'USD', ${minor})`);
    expect(await insert(escrow(), -1)).toBe("balance_below_zero");
    expect(await insert(wallet().replace("wallet", "held"), -1)).toBe("balance_below_zero");
    expect(await insert(GATEWAY, 1)).toBe("balance_of_guarded_accounts_only");
  });
});
