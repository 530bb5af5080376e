import { freshId } from "@shopnexus/contracts/kit/id";
import type { In } from "@shopnexus/contracts/kit/contract";
import { PromotionRefusals, type Promotion } from "@shopnexus/contracts/promotion/promotion";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { promotion } from "#db/promotion/tables.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { testDatabase, type TestDatabase } from "#tools/testkit/database.ts";
import { create } from "./create.ts";
import { free } from "./free.ts";
import { hold as holdStep } from "./hold.ts";
import { launch } from "./launch.ts";
import { read } from "./read.ts";
import { redeem } from "./redeem.ts";
import { restore } from "./restore.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("promotion");
});
afterAll(() => database.close());

const seller = asAccount(undefined, "seller");
const operator = asAccount(undefined, "operator");
const scene = (who = asModule("order"), rest = {}) => sceneOf(database.db, who, rest);
const BUYER = freshId("acc");
const hold = (input: Omit<In<typeof Promotion, "hold">, "accountId">, at: StepScene) =>
  holdStep({ accountId: BUYER, ...input }, at);
const euro = (minor: number) => ({ minor, currency: "EUR" });

type Terms = In<typeof Promotion, "create">;
const terms = (rest: Partial<Terms> = {}): Terms => ({
  name: "Autumn",
  discount: { kind: "percent", basisPoints: 1_000 },
  budget: euro(1_000),
  startsAt: "2026-01-01T00:00:00.000Z",
  endsAt: "2026-02-01T00:00:00.000Z",
  ...rest,
});
const launched = async (budgetMinor: number): Promise<string> =>
  (await launch(terms({ budget: euro(budgetMinor) }), scene(operator))).promotionId;
const budgetOf = async (promotionId: string) => {
  const { held, redeemed } = await read({ promotionId }, scene(operator));
  return { held: held.minor, redeemed: redeemed.minor };
};
const shareOf = (promotionId: string, minor: number) => ({ promotionId, amount: euro(minor) });
const held = async (promotionId: string, minor: number): Promise<string> => {
  const promotionHoldId = freshId("phd");
  await hold({ promotionHoldId, shares: [shareOf(promotionId, minor)] }, scene());
  return promotionHoldId;
};
const gone = (state: string) => ({ code: PromotionRefusals.PROMOTION_HOLD_GONE.code, data: { state } });

describe("Promotion/create, Promotion/launch", () => {
  test("Promotion/create: is the caller's own, and gives the terms back", async () => {
    const made = await create(terms({ code: "OWN-1" }), scene(seller));
    const sellerId = seller.kind === "account" ? seller.accountId : "";
    expect(made).toMatchObject({
      ...terms({ code: "OWN-1" }),
      sellerId,
      priority: 100,
      held: euro(0),
      redeemed: euro(0),
    });
    expect(await read({ promotionId: made.promotionId }, scene(operator))).toEqual(made);
  });

  test("Promotion/launch: is the platform's, and remembers who launched it", async () => {
    const made = await launch(terms({ priority: 5 }), scene(operator));
    expect(made).toMatchObject({ sellerId: null, priority: 5 });
    expect(made).not.toHaveProperty("code");
    const [row] = await database.db
      .select()
      .from(promotion)
      .where(eq(promotion.promotionId, made.promotionId));
    expect(row?.createdBy).toBe(operator.kind === "account" ? operator.accountId : "");
  });

  test.each([
    ["create", create, seller],
    ["launch", launch, operator],
  ] as const)(
    "Promotion/%s: the same call, ten times at once, makes one promotion",
    async (verb, make, who) => {
      const repeats = Array.from({ length: 10 }, () =>
        make(terms({ code: `REPEAT-${verb.toUpperCase()}` }), scene(who, { callKey: `same-${verb}` })),
      );
      expect(new Set((await Promise.all(repeats)).map(({ promotionId }) => promotionId)).size).toBe(1);
    },
  );

  test("Promotion/create: of ten calls with one code one has it, the others CODE_TAKEN", async () => {
    const calls = Array.from({ length: 10 }, () => create(terms({ code: "WANTED" }), scene(seller)));
    const outcomes = await Promise.allSettled(calls);
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [outcome.reason.code] : [],
    );
    expect(refused).toEqual(Array.from({ length: 9 }, () => "CODE_TAKEN"));
    await expect(launch(terms({ code: "WANTED" }), scene(operator))).rejects.toMatchObject({
      code: "CODE_TAKEN",
    });
  });

  test.each([
    ["create", create, seller],
    ["launch", launch, operator],
  ] as const)(
    "Promotion/%s: an end before the start, or two currencies, is TERMS_CROSSED",
    async (_verb, make, who) => {
      const crossed = { code: PromotionRefusals.TERMS_CROSSED.code };
      await expect(make(terms({ endsAt: terms().startsAt }), scene(who))).rejects.toMatchObject(crossed);
      const discount = { kind: "fixed" as const, amount: { minor: 1, currency: "USD" } };
      await expect(make(terms({ discount }), scene(who))).rejects.toMatchObject(crossed);
    },
  );

  test("Promotion/read: a promotion that is not there is PROMOTION_UNKNOWN", async () => {
    const reading = read({ promotionId: freshId("prm") }, scene(operator));
    await expect(reading).rejects.toMatchObject({ code: "PROMOTION_UNKNOWN" });
  });
});

describe("Promotion/hold", () => {
  test("Promotion/hold: the same hold, ten times at once, holds once", async () => {
    const promotionId = await launched(1_000);
    const promotionHoldId = freshId("phd");
    const repeats = Array.from({ length: 10 }, () =>
      hold({ promotionHoldId, shares: [shareOf(promotionId, 300)] }, scene()),
    );
    expect(await Promise.all(repeats)).toEqual(repeats.map(() => ({})));
    expect(await budgetOf(promotionId)).toEqual({ held: 300, redeemed: 0 });
  });

  test("Promotion/hold: all or none: one budget too small holds nothing of the others, BUDGET_SPENT", async () => {
    const [rich, poor] = [await launched(1_000), await launched(10)];
    const shares = [shareOf(rich, 300), shareOf(poor, 11)];
    const holding = hold({ promotionHoldId: freshId("phd"), shares }, scene());
    await expect(holding).rejects.toMatchObject({ code: "BUDGET_SPENT", data: { promotionId: poor } });
    expect(await budgetOf(rich)).toEqual({ held: 0, redeemed: 0 });
  });

  test("Promotion/hold: a hold that was refused may come again when there is room", async () => {
    const promotionId = await launched(100);
    const first = await held(promotionId, 100);
    const second = { promotionHoldId: freshId("phd"), shares: [shareOf(promotionId, 60)] };
    await expect(hold(second, scene())).rejects.toMatchObject({ code: "BUDGET_SPENT" });
    await free({ promotionHoldId: first }, scene());
    await hold(second, scene());
    expect(await budgetOf(promotionId)).toEqual({ held: 60, redeemed: 0 });
  });

  test("Promotion/hold: of a budget with nothing left even nothing is BUDGET_SPENT", async () => {
    const promotionId = await launched(100);
    await held(promotionId, 0);
    await held(promotionId, 100);
    await expect(held(promotionId, 0)).rejects.toMatchObject({ code: "BUDGET_SPENT" });
  });

  test("Promotion/hold: a promotion that is not there is PROMOTION_UNKNOWN, and nothing is held", async () => {
    const promotionId = await launched(100);
    const shares = [shareOf(promotionId, 10), shareOf(freshId("prm"), 10)];
    const holding = hold({ promotionHoldId: freshId("phd"), shares }, scene());
    await expect(holding).rejects.toMatchObject({ code: "PROMOTION_UNKNOWN" });
    expect(await budgetOf(promotionId)).toEqual({ held: 0, redeemed: 0 });
  });

  test("Promotion/hold: after its free is PROMOTION_HOLD_GONE, and nothing is held", async () => {
    const promotionId = await launched(100);
    const promotionHoldId = freshId("phd");
    await free({ promotionHoldId }, scene());
    const late = hold({ promotionHoldId, shares: [shareOf(promotionId, 10)] }, scene());
    await expect(late).rejects.toMatchObject(gone("freed"));
    expect(await budgetOf(promotionId)).toEqual({ held: 0, redeemed: 0 });
  });

  test("Promotion/hold: a quote that names a promotion twice, or in another currency, is a bug of ours", async () => {
    const promotionId = await launched(100);
    const twice = [shareOf(promotionId, 1), shareOf(promotionId, 2)];
    await expect(hold({ promotionHoldId: freshId("phd"), shares: twice }, scene())).rejects.toThrow(
      "This cannot be",
    );
    const dollars = [{ promotionId, amount: { minor: 1, currency: "USD" } }];
    await expect(hold({ promotionHoldId: freshId("phd"), shares: dollars }, scene())).rejects.toThrow(
      "This cannot be",
    );
    expect(await budgetOf(promotionId)).toEqual({ held: 0, redeemed: 0 });
  });
});

describe("Promotion/free, Promotion/redeem, Promotion/restore", () => {
  test("Promotion/free: gives back once, however often it comes", async () => {
    const promotionId = await launched(1_000);
    const [promotionHoldId] = [await held(promotionId, 300), await held(promotionId, 200)];
    await Promise.all(Array.from({ length: 10 }, () => free({ promotionHoldId }, scene())));
    expect(await budgetOf(promotionId)).toEqual({ held: 200, redeemed: 0 });
  });

  test("Promotion/redeem: spends once, however often it comes; a redeemed hold stays redeemed", async () => {
    const promotionId = await launched(1_000);
    const promotionHoldId = await held(promotionId, 300);
    await Promise.all(Array.from({ length: 10 }, () => redeem({ promotionHoldId }, scene())));
    expect(await budgetOf(promotionId)).toEqual({ held: 0, redeemed: 300 });
    await free({ promotionHoldId }, scene());
    await hold({ promotionHoldId, shares: [shareOf(promotionId, 300)] }, scene());
    expect(await budgetOf(promotionId)).toEqual({ held: 0, redeemed: 300 });
  });

  test("Promotion/redeem: of a hold that was freed or never was is PROMOTION_HOLD_GONE", async () => {
    const promotionHoldId = await held(await launched(1_000), 300);
    await free({ promotionHoldId }, scene());
    await expect(redeem({ promotionHoldId }, scene())).rejects.toMatchObject(gone("freed"));
    await expect(redeem({ promotionHoldId: freshId("phd") }, scene())).rejects.toMatchObject(gone("absent"));
  });

  test("Promotion/restore: what was spent is held again, once; then it can be freed", async () => {
    const promotionId = await launched(1_000);
    const promotionHoldId = await held(promotionId, 300);
    await redeem({ promotionHoldId }, scene());
    await Promise.all(Array.from({ length: 10 }, () => restore({ promotionHoldId }, scene())));
    expect(await budgetOf(promotionId)).toEqual({ held: 300, redeemed: 0 });
    await free({ promotionHoldId }, scene());
    expect(await budgetOf(promotionId)).toEqual({ held: 0, redeemed: 0 });
  });

  test("Promotion/restore: a redeem that comes after its restore is PROMOTION_HOLD_GONE, repeated or late", async () => {
    const promotionId = await launched(1_000);
    const repeated = await held(promotionId, 300);
    await redeem({ promotionHoldId: repeated }, scene());
    await restore({ promotionHoldId: repeated }, scene());
    await expect(redeem({ promotionHoldId: repeated }, scene())).rejects.toMatchObject(gone("restored"));
    const late = await held(promotionId, 200);
    await restore({ promotionHoldId: late }, scene());
    await expect(redeem({ promotionHoldId: late }, scene())).rejects.toMatchObject(gone("freed"));
    expect(await budgetOf(promotionId)).toEqual({ held: 300, redeemed: 0 });
  });

  test("Promotion/restore: of a hold that never was leaves a tombstone, like free", async () => {
    const promotionId = await launched(1_000);
    const promotionHoldId = freshId("phd");
    await restore({ promotionHoldId }, scene());
    const late = hold({ promotionHoldId, shares: [shareOf(promotionId, 1)] }, scene());
    await expect(late).rejects.toMatchObject(gone("freed"));
  });
});
