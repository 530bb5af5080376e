import { freshId } from "@shopnexus/contracts/kit/id";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { promotion, promotionAccount } from "#db/promotion/tables.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { testDatabase, type TestDatabase } from "#tools/testkit/database.ts";
import { free } from "./free.ts";
import { hold } from "./hold.ts";
import { launch } from "./launch.ts";
import { read } from "./read.ts";
import { redeem } from "./redeem.ts";
import { restore } from "./restore.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("promotion");
});
afterAll(() => database.close());

const scene = (who = asModule("order")) => sceneOf(database.db, who);
const operator = asAccount(undefined, "operator");
const euro = (minor: number) => ({ minor, currency: "EUR" });
type Limits = { uses?: number; accountUses?: number };
const launched = async (limits: Limits): Promise<string> => {
  const terms = {
    name: "Autumn",
    discount: { kind: "percent" as const, basisPoints: 1_000 },
    budget: euro(1_000_000),
    startsAt: "2026-01-01T00:00:00.000Z",
    endsAt: "2026-02-01T00:00:00.000Z",
    ...limits,
  };
  return (await launch(terms, scene(operator))).promotionId;
};
const holdOf = (promotionId: string, accountId = freshId("acc")) => ({
  promotionHoldId: freshId("phd"),
  accountId,
  shares: [{ promotionId, amount: euro(20) }],
});
const usedOf = async (promotionId: string) => (await read({ promotionId }, scene(operator))).used;
const codesOf = (outcomes: ReadonlyArray<PromiseSettledResult<unknown>>): string[] =>
  outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.code] : []));

describe("Promotion/hold", () => {
  test("Promotion/hold: of 500 accounts at once on 50 uses, 50 have one and 450 USES_SPENT; freed ones can be had again", async () => {
    const promotionId = await launched({ uses: 50 });
    const holds = Array.from({ length: 500 }, () => holdOf(promotionId));
    const outcomes = await Promise.allSettled(holds.map((one) => hold(one, scene())));
    expect(codesOf(outcomes)).toEqual(Array.from({ length: 450 }, () => "USES_SPENT"));
    expect(await usedOf(promotionId)).toBe(50);
    const held = holds.filter((_, at) => outcomes[at]?.status === "fulfilled");
    const [back, kept] = [held.slice(0, 20), held.slice(20)];
    await Promise.all(back.map(({ promotionHoldId }) => free({ promotionHoldId }, scene())));
    await Promise.all(kept.map(({ promotionHoldId }) => redeem({ promotionHoldId }, scene())));
    expect(await usedOf(promotionId)).toBe(30);
    const again = Array.from({ length: 40 }, () => hold(holdOf(promotionId), scene()));
    expect(codesOf(await Promise.allSettled(again))).toEqual(Array.from({ length: 20 }, () => "USES_SPENT"));
    expect(await usedOf(promotionId)).toBe(50);
  });

  test("Promotion/hold: of ten of one account at once on two uses each, two hold and eight are ACCOUNT_USES_SPENT", async () => {
    const promotionId = await launched({ accountUses: 2 });
    const mai = freshId("acc");
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => hold(holdOf(promotionId, mai), scene())),
    );
    expect(codesOf(outcomes)).toEqual(Array.from({ length: 8 }, () => "ACCOUNT_USES_SPENT"));
    expect(await usedOf(promotionId)).toBe(2);
    await hold(holdOf(promotionId), scene());
    expect(await usedOf(promotionId)).toBe(3);
  });

  test("Promotion/hold: refused for the account it takes nothing of the budget either", async () => {
    const promotionId = await launched({ accountUses: 1 });
    const mai = freshId("acc");
    await hold(holdOf(promotionId, mai), scene());
    await expect(hold(holdOf(promotionId, mai), scene())).rejects.toMatchObject({
      code: "ACCOUNT_USES_SPENT",
      data: { promotionId },
    });
    expect(await read({ promotionId }, scene(operator))).toMatchObject({ held: euro(20), used: 1 });
  });
});

test("Promotion/free, Promotion/restore: a use comes back once, whatever is repeated; a redeemed one stays used", async () => {
  const promotionId = await launched({ uses: 1, accountUses: 1 });
  const mine = holdOf(promotionId);
  await hold(mine, scene());
  await hold(mine, scene());
  expect(await usedOf(promotionId)).toBe(1);
  await redeem(mine, scene());
  await free(mine, scene());
  await expect(hold(holdOf(promotionId), scene())).rejects.toMatchObject({ code: "USES_SPENT" });
  for (const undo of [restore, restore, free, free]) await undo(mine, scene());
  expect(await usedOf(promotionId)).toBe(0);
  await hold(holdOf(promotionId, mine.accountId), scene());
  expect(await usedOf(promotionId)).toBe(1);
});

test("whatever is held, freed, redeemed and restored at once, uses are what the holds say", async () => {
  const ids = await Promise.all(Array.from({ length: 3 }, () => launched({ uses: 100, accountUses: 9 })));
  const accounts = Array.from({ length: 5 }, () => freshId("acc"));
  const journeys = Array.from({ length: 90 }, async (_, at) => {
    const mine = {
      ...holdOf("", accounts[at % 5]),
      shares: ids.slice(at % 3).map((promotionId) => ({ promotionId, amount: euro(1) })),
    };
    const calls = [hold, redeem, ...(at % 2 ? [restore, free] : [])];
    await Promise.allSettled((at % 4 ? calls : calls.toReversed()).map((call) => call(mine, scene())));
  });
  await Promise.all(journeys);
  const drifted = await database.db.execute(sql`
    select p.promotion_id from promotion.promotion p
    left join promotion.promotion_hold_share s using (promotion_id)
    left join promotion.promotion_hold h using (promotion_hold_id)
    group by p.promotion_id
    having p.uses_held <> count(h) filter (where h.state in ('held', 'restored'))
        or p.uses_redeemed <> count(h) filter (where h.state = 'redeemed')
    union all
    select a.promotion_id from promotion.promotion_account a
    left join promotion.promotion_hold h on h.account_id = a.account_id
    left join promotion.promotion_hold_share s
      on s.promotion_hold_id = h.promotion_hold_id and s.promotion_id = a.promotion_id
    group by a.promotion_id, a.account_id
    having a.uses_held <> count(s) filter (where h.state in ('held', 'restored'))
        or a.uses_redeemed <> count(s) filter (where h.state = 'redeemed')`);
  expect([...drifted]).toEqual([]);
});

test("the database itself refuses more uses than there are, and less than none", async () => {
  const promotionId = await launched({ uses: 2, accountUses: 1 });
  const mine = holdOf(promotionId);
  await hold(mine, scene());
  const broken = (constraint: string) => ({ cause: { constraint_name: constraint } });
  const write = (columns: Partial<typeof promotion.$inferInsert>) =>
    database.db.update(promotion).set(columns).where(eq(promotion.promotionId, promotionId));
  await expect(write({ usesHeld: 2, usesRedeemed: 1 })).rejects.toMatchObject(
    broken("promotion_is_used_too_often"),
  );
  await expect(write({ usesHeld: -1 })).rejects.toMatchObject(broken("promotion_uses_are_negative"));
  const writeAccount = (columns: Partial<typeof promotionAccount.$inferInsert>) =>
    database.db.update(promotionAccount).set(columns).where(eq(promotionAccount.promotionId, promotionId));
  await expect(writeAccount({ usesRedeemed: 1 })).rejects.toMatchObject(
    broken("promotion_account_uses_it_too_often"),
  );
  await expect(writeAccount({ usesHeld: -1 })).rejects.toMatchObject(
    broken("promotion_account_uses_are_negative"),
  );
});
