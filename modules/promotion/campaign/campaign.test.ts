import { freshId } from "@shopnexus/contracts/kit/id";
import type { In } from "@shopnexus/contracts/kit/contract";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import { type Campaign, CampaignRefusals } from "@shopnexus/contracts/promotion/campaign";
import { type Promotion, PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { testDatabase, type TestDatabase } from "#tools/testkit/database.ts";
import { price } from "../quote/price.ts";
import { change } from "./change.ts";
import { create } from "../promotion/create.ts";
import { free } from "../promotion/free.ts";
import { hold } from "../promotion/hold.ts";
import { launch } from "../promotion/launch.ts";
import { list } from "./list.ts";
import { redeem } from "../promotion/redeem.ts";
import { restore } from "../promotion/restore.ts";
import { stop } from "./stop.ts";
import { view } from "./view.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("promotion");
});
afterAll(() => database.close());

const scene = (who = asModule("order")) => sceneOf(database.db, who);
const seller = asAccount(freshId("acc"), "seller");
const sellerId = seller.kind === "account" ? seller.accountId : "";
const operator = asAccount(undefined, "operator");
const stranger = asAccount(undefined, "seller");
const euro = (minor: number) => ({ minor, currency: "EUR" });
const begunAt = instant(Date.now() - DAY_MS);
const inDays = (days: number) => instant(Date.now() + days * DAY_MS);
const terms = (rest: object = {}): In<typeof Promotion, "create"> => ({
  name: "Autumn",
  discount: { kind: "percent", basisPoints: 1_000 },
  budget: euro(1_000),
  startsAt: begunAt,
  endsAt: inDays(10),
  ...rest,
});
const created = (rest: object = {}) => create(terms(rest), scene(seller));
const steered = (input: In<typeof Campaign, "change">, who = seller) => change(input, scene(who));
const REFUSALS = { ...PromotionRefusals, ...CampaignRefusals };
const refused = (code: keyof typeof REFUSALS, data?: object) =>
  expect.objectContaining({ code: REFUSALS[code].code, ...(data && { data }) });
const held = async (promotionId: string, minor: number): Promise<string> => {
  const promotionHoldId = freshId("phd");
  const shares = [{ promotionId, amount: euro(minor) }];
  await hold({ promotionHoldId, accountId: freshId("acc"), shares }, scene());
  return promotionHoldId;
};
const readBack = (promotionId: string, who = seller) => view({ promotionId }, scene(who));
const quoted = (at: string, codes: string[] = []) => {
  const line = { skuId: freshId("sku"), sellerId, unitPrice: euro(1_000), pieces: 1 };
  return price({ currency: "EUR", at, lines: [line], codes }, scene());
};
const totalAt = async (at: string): Promise<number> => (await quoted(at)).total.minor;

describe("Campaign/view, Campaign/list", () => {
  test("Campaign/view: the owner sees what it has cost; for anybody else it is PROMOTION_UNKNOWN", async () => {
    const { promotionId } = await created({ code: `READ-${Date.now()}` });
    await redeem({ promotionHoldId: await held(promotionId, 300) }, scene());
    await held(promotionId, 200);
    const told = { held: euro(200), redeemed: euro(300), used: 2, version: 1 };
    expect(await readBack(promotionId)).toMatchObject(told);
    for (const other of [stranger, operator])
      await expect(readBack(promotionId, other)).rejects.toThrow(refused("PROMOTION_UNKNOWN"));
    await expect(readBack(freshId("prm"))).rejects.toThrow(refused("PROMOTION_UNKNOWN"));
    const ofPlatform = await launch(terms({ code: `VIEW-${Date.now()}` }), scene(operator));
    expect(await readBack(ofPlatform.promotionId, operator)).toEqual(ofPlatform);
  });

  test("Campaign/list: the caller's own, newest first, each once over all pages, also of one moment", async () => {
    const owner = asAccount(undefined, "seller");
    const targets = [{ kind: "category", category: "shoes" }];
    const making = Array.from({ length: 7 }, (_, at) =>
      create(terms({ name: `n${at}`, code: `LIST-${at}`, targets }), scene(owner)),
    );
    const made = await Promise.all(making);
    const ids = made.map(({ promotionId }) => promotionId);
    await database.db.execute(sql`update promotion.promotion set created_at = '2026-01-01T00:00:00.000001Z'
      where promotion_id in (${ids[0]}, ${ids[1]}, ${ids[2]})`);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await list({ limit: 2, ...(after && { after }) }, scene(owner));
      seen.push(...page.items.map(({ promotionId }) => promotionId));
      after = page.next;
    } while (after !== undefined);
    expect(seen).toHaveLength(7);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(seen.slice(4)).toEqual(ids.slice(0, 3).toSorted().toReversed());
    const { items } = await list({}, scene(owner));
    expect(items.find(({ promotionId }) => promotionId === ids[3])).toEqual(made[3]);
  });

  test("Campaign/list: the platform's are for operators, others are FORBIDDEN; a cursor of others is INVALID_INPUT", async () => {
    const { promotionId } = await launch(terms({ code: "LIST-PLATFORM" }), scene(operator));
    const { items } = await list({ of: "platform", limit: 100 }, scene(operator));
    expect(items.map((one) => one.promotionId)).toContain(promotionId);
    expect(items.filter((one) => one.sellerId !== null)).toEqual([]);
    const asked = list({ of: "platform" }, scene(seller));
    await expect(asked).rejects.toMatchObject({ code: "FORBIDDEN", data: { needs: "operator" } });
    await expect(list({ after: promotionId }, scene(seller))).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
    await expect(list({ after: freshId("prm") }, scene(seller))).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });
});

describe("Campaign/change", () => {
  test("Campaign/change: an earlier or later end, another budget, more uses, another place in the order", async () => {
    const { promotionId, ...before } = await created();
    const far = inDays(20);
    expect(await totalAt(inDays(15))).toBe(1_000);
    const asked = { name: "Winter", endsAt: far, budget: euro(700), uses: 9, priority: 3 };
    const changed = await steered({ promotionId, version: 1, ...asked });
    expect(changed).toEqual({ ...before, promotionId, ...asked, version: 2 });
    expect(await readBack(promotionId)).toEqual(changed);
    expect(await totalAt(inDays(15))).toBe(900);
    await steered({ promotionId, version: 2, endsAt: inDays(12) });
    expect(await totalAt(inDays(15))).toBe(1_000);
    expect(await totalAt(inDays(11))).toBe(900);
    await stop({ promotionId }, scene(seller));
  });

  test("Campaign/change: the same call again changes nothing; on what another changed it is PROMOTION_CHANGED", async () => {
    const { promotionId } = await created({ code: `CHANGE-${Date.now()}` });
    const calls = Array.from({ length: 10 }, () => steered({ promotionId, version: 1, priority: 7 }));
    for (const { version } of await Promise.all(calls)) expect(version).toBe(2);
    expect(await steered({ promotionId, version: 1 })).toMatchObject({ version: 2, priority: 7 });
    const late = steered({ promotionId, version: 1, priority: 8 });
    await expect(late).rejects.toThrow(refused("PROMOTION_CHANGED", { version: 2 }));
    const race = [1, 2, 3, 4].map((priority) => steered({ promotionId, version: 2, priority }));
    const outcomes = await Promise.allSettled(race);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await readBack(promotionId)).toMatchObject({ version: 3 });
  });

  test("Campaign/change: never below what is held and redeemed, BUDGET_BELOW_SPENT and USES_BELOW_USED say how much", async () => {
    const { promotionId } = await created({ code: `BELOW-${Date.now()}`, uses: 5 });
    await redeem({ promotionHoldId: await held(promotionId, 300) }, scene());
    const last = await held(promotionId, 200);
    const ask = (rest: object) => steered({ promotionId, version: 1, ...rest });
    const spent = { held: euro(200), redeemed: euro(300) };
    await expect(ask({ budget: euro(499) })).rejects.toThrow(refused("BUDGET_BELOW_SPENT", spent));
    await expect(ask({ uses: 1 })).rejects.toThrow(refused("USES_BELOW_USED", { used: 2 }));
    expect(await ask({ budget: euro(500), uses: 2 })).toMatchObject({ version: 2 });
    await expect(held(promotionId, 1)).rejects.toMatchObject({ code: "USES_SPENT" });
    await free({ promotionHoldId: last }, scene());
    expect(await steered({ promotionId, version: 2, budget: euro(300), uses: 1 })).toMatchObject({
      version: 3,
    });
  });

  test("Campaign/change: of holds and a smaller budget at once, neither is ever above the other", async () => {
    const { promotionId } = await created({ code: `RACE-${Date.now()}`, budget: euro(1_000) });
    const holds = Array.from({ length: 60 }, () => held(promotionId, 20));
    const smaller = steered({ promotionId, version: 1, budget: euro(400) });
    await Promise.allSettled([...holds, smaller]);
    const { budget, held: taken } = await readBack(promotionId);
    expect([400, 1_000]).toContain(budget.minor);
    expect(taken.minor).toBe(budget.minor);
  });

  test("Campaign/change: an end that has passed, or before the start, and another currency are TERMS_CROSSED", async () => {
    const { promotionId, startsAt } = await created({ code: `CROSS-${Date.now()}` });
    for (const rest of [
      { endsAt: inDays(-0.5) },
      { endsAt: startsAt },
      { budget: { minor: 900, currency: "USD" } },
    ])
      await expect(steered({ promotionId, version: 1, ...rest })).rejects.toThrow(refused("TERMS_CROSSED"));
    expect(await readBack(promotionId)).toMatchObject({ version: 1 });
  });

  test("Campaign/change, Campaign/stop: somebody else's, the platform's, or none is PROMOTION_UNKNOWN; operators steer the platform's", async () => {
    const { promotionId } = await created({ code: `OWN-${Date.now()}` });
    const ofPlatform = await launch(terms({ code: `PLATFORM-${Date.now()}` }), scene(operator));
    for (const [who, id] of [
      [stranger, promotionId],
      [operator, promotionId],
      [seller, ofPlatform.promotionId],
      [seller, freshId("prm")],
    ] as const) {
      const asked = steered({ promotionId: id, version: 1, priority: 1 }, who);
      await expect(asked).rejects.toThrow(refused("PROMOTION_UNKNOWN"));
      await expect(stop({ promotionId: id }, scene(who))).rejects.toThrow(refused("PROMOTION_UNKNOWN"));
    }
    const { version } = await steered(
      { promotionId: ofPlatform.promotionId, version: 1, priority: 1 },
      operator,
    );
    expect(version).toBe(2);
    expect(await stop({ promotionId: ofPlatform.promotionId }, scene(operator))).toHaveProperty("stoppedAt");
  });
});

describe("Campaign/stop", () => {
  test("Campaign/stop: from then on no basket meets it, and no hold takes of it: PROMOTION_STOPPED", async () => {
    const code = `STOP-${Date.now()}`;
    const [{ promotionId }, named] = [await created(), await created({ code })];
    const now = instant(Date.now());
    expect(await totalAt(now)).toBe(900);
    for (const id of [promotionId, named.promotionId]) await stop({ promotionId: id }, scene(seller));
    expect(await totalAt(now)).toBe(1_000);
    await expect(quoted(now, [code])).rejects.toMatchObject({ code: "CODE_UNKNOWN" });
    await expect(held(promotionId, 1)).rejects.toThrow(refused("PROMOTION_STOPPED", { promotionId }));
    const revived = steered({ promotionId, version: 2, endsAt: inDays(30) });
    await expect(revived).rejects.toThrow(refused("PROMOTION_STOPPED", { promotionId }));
  });

  test("Campaign/stop: once, however often it comes", async () => {
    const { promotionId } = await created({ code: `ONCE-${Date.now()}` });
    const calls = Array.from({ length: 8 }, () => stop({ promotionId }, scene(seller)));
    const [first, ...others] = await Promise.all(calls);
    expect(first).toMatchObject({ version: 2, stoppedAt: expect.any(String) });
    for (const other of others) expect(other).toEqual(first);
  });

  test("Campaign/stop: what was held before is still redeemed, restored and freed, and its hold may be repeated", async () => {
    const { promotionId } = await created({ code: `HELD-${Date.now()}` });
    const [kept, back] = [await held(promotionId, 300), await held(promotionId, 200)];
    await stop({ promotionId }, scene(seller));
    const shares = [{ promotionId, amount: euro(300) }];
    await hold({ promotionHoldId: kept, accountId: freshId("acc"), shares }, scene());
    await redeem({ promotionHoldId: kept }, scene());
    await redeem({ promotionHoldId: back }, scene());
    await restore({ promotionHoldId: back }, scene());
    expect(await readBack(promotionId)).toMatchObject({ held: euro(200), redeemed: euro(300) });
    await free({ promotionHoldId: back }, scene());
    expect(await readBack(promotionId)).toMatchObject({ held: euro(0), redeemed: euro(300), used: 1 });
  });

  test("Campaign/stop: of holds at once with it each was before it or is PROMOTION_STOPPED, and what is held is what they say", async () => {
    const { promotionId } = await created({ code: `STORM-${Date.now()}`, budget: euro(100_000) });
    const storm = Array.from({ length: 40 }, () => held(promotionId, 10));
    const [stopped, ...outcomes] = await Promise.allSettled([stop({ promotionId }, scene(seller)), ...storm]);
    expect(stopped.status).toBe("fulfilled");
    const codes = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    expect(new Set(codes).size).toBeLessThanOrEqual(1);
    expect(codes.every((code) => code === "PROMOTION_STOPPED")).toBe(true);
    expect((await readBack(promotionId)).held.minor).toBe(10 * (40 - codes.length));
  });
});
