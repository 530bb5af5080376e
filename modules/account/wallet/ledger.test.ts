/** Any sequence of entries, against a model that adds up in memory. */
import * as fc from "fast-check";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { audit } from "./audit.ts";
import { balances } from "./balances.ts";
import { free } from "./free.ts";
import { hold } from "./hold.ts";
import { post } from "./post.ts";
import { postAll } from "./post-all.ts";
import { type Command, command, emptyModel, tell, type Transfer } from "./proof/model.ts";
import { isGuarded } from "./rules.ts";
import { spend } from "./spend.ts";
import { trialBalance } from "../statement/trial-balance.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("account");
});
afterAll(() => database.close());

const RUNS = 40;
const scene = () => sceneOf(database.db, asModule("order"));

/** The names of one world: its accounts, its people's, its holds. */
const people = () => {
  const persons = [freshId("acc"), freshId("acc")] as const;
  const accounts = [
    "gateway:stripe",
    "platform:income",
    ...[1, 2].map(() => `escrow:${freshId("ord")}`),
    ...persons.map((accountId) => `wallet:${accountId}`),
  ];
  const holds = Array.from({ length: 4 }, () => freshId("whd"));
  return { persons, accounts, holds, reference: freshId("chk"), owners: new Map<number, Command>() };
};
type World = ReturnType<typeof people>;

const linesOf = (accounts: readonly string[], transfers: readonly Transfer[]) =>
  transfers.flatMap(({ from, to, minor, currency }) => [
    { account: accounts[from]!, minor: -minor, currency },
    { account: accounts[to]!, minor, currency },
  ]);

const ask = (world: World, asked: Command): Promise<unknown> => {
  const { accounts, persons, holds, reference } = world;
  const mayOverdraw = "overdraws" in asked && asked.overdraws ? { overdraws: true as const } : {};
  if (asked.do === "post") {
    const postings = asked.batch.map((transfers) => ({
      entryKey: freshId("evt"),
      kind: "adjustment" as const,
      reference,
      lines: linesOf(accounts, transfers),
      ...mayOverdraw,
    }));
    return postAll({ postings }, scene());
  }
  const walletHoldId = holds[asked.hold]!;
  if (asked.do === "free") return free({ walletHoldId }, scene());
  if (asked.do === "hold") {
    const { person, minor, currency } = asked;
    const amount = { minor, currency };
    world.owners.set(asked.hold, world.owners.get(asked.hold) ?? asked);
    return hold({ walletHoldId, accountId: persons[person]!, amount, reference, ...mayOverdraw }, scene());
  }
  return spend({ walletHoldId, ...spending(world, asked) }, scene());
};

/** All that the hold holds, if it was ever made. */
const spending = ({ accounts, persons, owners, reference }: World, asked: { hold: number; to: number }) => {
  const owner = owners.get(asked.hold);
  const { person, minor, currency } = owner?.do === "hold" ? owner : { person: 0, minor: 1, currency: "USD" };
  const lines = [
    { account: `held:${persons[person]}`, minor: -minor, currency },
    { account: accounts[asked.to]!, minor, currency },
  ];
  return { entryKey: `${reference}/${asked.hold}/${asked.to}`, kind: "payout" as const, reference, lines };
};

const endOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: unknown) => {
      if (error instanceof RefusalError) return error.code;
      throw error;
    },
  );

/** What guarded accounts hold, named as the model names them. */
const heldIn = async ({ accounts, persons }: World): Promise<[string, number][]> => {
  const names = new Map([
    ...accounts.map((account, at) => [account, String(at)] as const),
    ...persons.map((accountId, at) => [`held:${accountId}`, `held${at}`] as const),
  ]);
  const found = await balances({ accounts: [...names.keys()].filter(isGuarded) }, scene());
  return found.balances.flatMap(({ account, sums }) =>
    sums.map(({ minor, currency }): [string, number] => [`${names.get(account)} ${currency}`, minor]),
  );
};
const notZero = (sums: Iterable<[string, number]>) => new Map([...sums].filter(([, minor]) => minor !== 0));
const inOrder = { unbalanced: [], drifted: [] };

it("after any postings, holds, frees and spends each ended as it should, and balances are their lines", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 20 }), async (history) => {
      const world = people();
      const model = emptyModel();
      for (const asked of history) {
        // The first hold that is made under an id is whose it is; one that was refused never was.
        const isNew = asked.do === "hold" && !model.holds.has(asked.hold);
        if (isNew) world.owners.delete(asked.hold);
        expect([asked, await endOf(ask(world, asked))]).toEqual([asked, tell(model, asked)]);
      }
      const guarded = [...model.sums].filter(([key]) => !/^[01] /.test(key));
      expect(notZero(await heldIn(world))).toEqual(notZero(guarded));
    }),
    { numRuns: RUNS },
  );
  expect(await audit({}, scene())).toMatchObject(inOrder);
});

it("what races leaves the ledger in order, and all money in it adds up to zero", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 8, maxLength: 24 }), async (history) => {
      const world = people();
      await Promise.all(history.map((asked) => endOf(ask(world, asked))));
      const held = await heldIn(world);
      expect(held.filter(([key, minor]) => minor < 0 && !/^[45] /.test(key))).toEqual([]);
    }),
    { numRuns: 10 },
  );
  expect(await audit({}, scene())).toMatchObject(inOrder);
  const { rows } = await trialBalance({}, scene());
  for (const currency of ["USD", "VND"]) {
    const own = rows.filter((row) => row.currency === currency);
    const total = (side: "debitMinor" | "creditMinor") => own.reduce((sum, row) => sum + row[side], 0);
    expect(total("debitMinor")).toBe(total("creditMinor"));
  }
});

const GATEWAY = "gateway:stripe";
const escrow = () => `escrow:${freshId("ord")}`;
const wallet = () => `wallet:${freshId("acc")}`;
const posting = (from: string, to: string, minor: number) => ({
  entryKey: freshId("evt"),
  kind: "capture" as const,
  reference: freshId("chk"),
  lines: linesOf([from, to], [{ from: 0, to: 1, minor, currency: "USD" }]),
});

describe("Wallet/audit", () => {
  it("an entry without lines and a balance that drifted are named", async () => {
    const other = await testDatabase("account");
    const there = sceneOf(other.db, asModule("order"));
    const seller = wallet();
    await post(posting(GATEWAY, seller, 5), there);
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

  it("what is held without a hold, and a statement that tells another story, are named", async () => {
    const other = await testDatabase("account");
    const there = sceneOf(other.db, asModule("order"));
    const [one, two, three] = [freshId("acc"), freshId("acc"), freshId("acc")];
    const price = { minor: 5, currency: "USD" };
    const held = { amount: price, overdraws: true as const, reference: freshId("chk") };
    for (const accountId of [one, two, three])
      await hold({ ...held, walletHoldId: freshId("whd"), accountId }, there);
    expect(await audit({}, there)).toMatchObject({ unbalanced: [], drifted: [] });
    await other.db.execute(sql`update account.wallet_hold set minor = 6 where account_id = ${one}`);
    await other.db.execute(sql`alter table account.statement_line disable trigger user`);
    await other.db.execute(
      sql`update account.statement_line set balance_after = 1 where account = ${`wallet:${two}`}`,
    );
    await other.db.execute(sql`delete from account.statement_line where account = ${`held:${three}`}`);
    const names = [`held:${one} USD`, `held:${three} USD`, `wallet:${two} USD`].toSorted();
    expect((await audit({}, there)).drifted.toSorted()).toEqual(names);
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
    const { entryId } = await post(posting(GATEWAY, wallet(), 5), scene());
    const changes = [
      `update account.entry set kind = 'refund' where entry_id = '${entryId}'`,
      `update account.entry_line set minor = minor * 2 where entry_id = '${entryId}'`,
      `delete from account.entry_line where entry_id = '${entryId}'`,
      `delete from account.entry where entry_id = '${entryId}'`,
      "truncate account.entry_line",
      "truncate account.entry cascade",
      "delete from account.balance",
      "update account.statement_line set minor = 0",
      "delete from account.wallet_hold",
    ];
    for (const change of changes)
      expect([change, await breaks(change)]).toEqual([change, "ledger_append_only"]);
  });

  it("refuse lines that do not add up, that are not all, or that come later", async () => {
    const { entryId } = await post(posting(GATEWAY, wallet(), 5), scene());
    const bare = freshId("ent");
    await database.db.execute(sql`insert into account.entry (entry_id, entry_key, reference, kind, line_count, body_hash)
      values (${bare}, ${bare}, 'none', 'adjustment', 3, 'none')`);
    const lines = (into: string, ...minors: number[]) =>
      breaks(`insert into account.entry_line (entry_id, position, account, currency, minor) values
        ${minors.map((minor, at) => `('${into}', ${at}, 'platform:fees', 'USD', ${minor})`).join(", ")}`);
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
