import type { In } from "@shopnexus/contracts/kit/contract";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { promotion, promotionHold } from "#db/promotion/tables.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { testDatabase, type TestDatabase } from "#tools/testkit/database.ts";
import { free } from "./free.ts";
import { hold as holdStep } from "./hold.ts";
import { launch } from "./launch.ts";
import { redeem } from "./redeem.ts";
import { restore } from "./restore.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("promotion");
});
afterAll(() => database.close());

const scene = (who = asModule("order")) => sceneOf(database.db, who);
const BUYER = freshId("acc");
const hold = (input: Omit<In<typeof Promotion, "hold">, "accountId">, at: StepScene) =>
  holdStep({ accountId: BUYER, ...input }, at);
const euro = (minor: number) => ({ minor, currency: "EUR" });
const launched = async (budgetMinor: number): Promise<string> => {
  const terms = {
    name: "Autumn",
    discount: { kind: "percent" as const, basisPoints: 1_000 },
    budget: euro(budgetMinor),
    startsAt: "2026-01-01T00:00:00.000Z",
    endsAt: "2026-02-01T00:00:00.000Z",
  };
  return (await launch(terms, scene(asAccount(undefined, "operator")))).promotionId;
};

test("Promotion/hold: of 500 holds at once on a budget for exactly 50, 50 are held and 450 BUDGET_SPENT", async () => {
  const promotionId = await launched(50 * 20);
  const held = () =>
    hold({ promotionHoldId: freshId("phd"), shares: [{ promotionId, amount: euro(20) }] }, scene());
  const outcomes = await Promise.allSettled(Array.from({ length: 500 }, held));
  const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.code] : []));
  expect(refused).toEqual(Array.from({ length: 450 }, () => "BUDGET_SPENT"));
  const [row] = await database.db.select().from(promotion).where(eq(promotion.promotionId, promotionId));
  expect(row).toMatchObject({ heldMinor: 1_000, redeemedMinor: 0 });
});

test("holds on the same budgets named in any order never block each other for good, and what is held is what the holds say", async () => {
  const ids = await Promise.all(Array.from({ length: 4 }, () => launched(100_000)));
  const journeys = Array.from({ length: 120 }, async (_, at) => {
    const promotionHoldId = freshId("phd");
    const turned = [...ids.slice(at % 4), ...ids.slice(0, at % 4)];
    const shares = (at % 2 ? turned : turned.toReversed()).map((promotionId) => ({
      promotionId,
      amount: euro(10),
    }));
    const dos = [
      () => hold({ promotionHoldId, shares }, scene()),
      () => redeem({ promotionHoldId }, scene()),
    ];
    const undos = [() => restore({ promotionHoldId }, scene()), () => free({ promotionHoldId }, scene())];
    const calls = at % 3 === 0 ? [...dos, ...undos] : [...undos.slice(at % 2), ...dos];
    await Promise.allSettled(calls.map((call) => call()));
  });
  await Promise.all(journeys);
  expect(await drifted()).toEqual([]);
});

/** Promotions whose columns are not the sum of their holds. */
const drifted = () =>
  database.db.execute(sql`
    select p.promotion_id from promotion.promotion p
    left join promotion.promotion_hold_share s using (promotion_id)
    left join promotion.promotion_hold h using (promotion_hold_id)
    group by p.promotion_id
    having p.held_minor <> coalesce(sum(s.amount_minor) filter (where h.state in ('held', 'restored')), 0)
        or p.redeemed_minor <> coalesce(sum(s.amount_minor) filter (where h.state = 'redeemed'), 0)`);

test("the database itself refuses a budget that is overspent or negative", async () => {
  const promotionId = await launched(10);
  const write = (columns: Partial<typeof promotion.$inferInsert>) =>
    database.db.update(promotion).set(columns).where(eq(promotion.promotionId, promotionId));
  const broken = (constraint: string) => ({ cause: { constraint_name: constraint } });
  await expect(write({ heldMinor: 6, redeemedMinor: 5 })).rejects.toMatchObject(
    broken("promotion_budget_is_overspent"),
  );
  await expect(write({ heldMinor: -1 })).rejects.toMatchObject(broken("promotion_held_is_negative"));
  await expect(write({ redeemedMinor: -1 })).rejects.toMatchObject(broken("promotion_redeemed_is_negative"));
  await expect(write({ endsAt: new Date(0) })).rejects.toMatchObject(
    broken("promotion_ends_before_it_starts"),
  );
  const unknown = database.db
    .insert(promotionHold)
    .values({ promotionHoldId: "phd_1", state: "lost" as "held" });
  await expect(unknown).rejects.toMatchObject(broken("promotion_hold_state_is_unknown"));
});
