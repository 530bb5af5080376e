import { freshId } from "@shopnexus/contracts/kit/id";
import type { In } from "@shopnexus/contracts/kit/contract";
import { type Coupon, COUPON_COUNT_MAX } from "@shopnexus/contracts/promotion/coupon";
import { Code, type Terms } from "@shopnexus/contracts/promotion/terms";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Principal } from "#modules/_kit/principal.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { testDatabase, type TestDatabase } from "#tools/testkit/database.ts";
import { create } from "../promotion/create.ts";
import { free } from "../promotion/free.ts";
import { hold } from "../promotion/hold.ts";
import { launch } from "../promotion/launch.ts";
import { redeem } from "../promotion/redeem.ts";
import { restore } from "../promotion/restore.ts";
import { price } from "../quote/price.ts";
import { grant } from "./grant.ts";
import { list } from "./list.ts";
import { mint } from "./mint.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("promotion");
});
afterAll(() => database.close());

const scene = (who: Principal = asModule("order")) => sceneOf(database.db, who);
const operator = asAccount(undefined, "operator");
const seller = asAccount(undefined, "seller");
const euro = (minor: number) => ({ minor, currency: "EUR" });
const terms = (): Terms => ({
  name: "Autumn",
  byCoupon: true,
  discount: { kind: "fixed", amount: euro(100) },
  budget: euro(100_000_000),
  startsAt: "2026-01-01T00:00:00.000Z",
  endsAt: "2026-02-01T00:00:00.000Z",
});
const launched = async (): Promise<string> => (await launch(terms(), scene(operator))).promotionId;
const BATCH = { batch: "spring", prefix: "SPRING" };

/** Everything, a page at a time. */
const readAll = async (promotionId: string, limit = 1_000) => {
  const items: Awaited<ReturnType<typeof list>>["items"] = [];
  let after: string | undefined;
  do {
    const from = after === undefined ? {} : { after };
    const page: Awaited<ReturnType<typeof list>> = await list(
      { promotionId, batch: "spring", limit, ...from },
      scene(operator),
    );
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items;
};
const minted = async (count = 3) => {
  const promotionId = await launched();
  await mint({ promotionId, ...BATCH, count }, scene(operator));
  return { promotionId, codes: (await readAll(promotionId)).map(({ code }) => code) };
};
const quoted = (codes: string[], accountId = freshId("acc")) => {
  const line = { skuId: freshId("sku"), sellerId: freshId("acc"), unitPrice: euro(1_000), pieces: 1 };
  const basket = { currency: "EUR", at: "2026-01-15T00:00:00.000Z", accountId, lines: [line], codes };
  return price(basket, scene());
};
const holdOf = (promotionId: string, code: string, accountId = freshId("acc")) => ({
  promotionHoldId: freshId("phd"),
  accountId,
  shares: [{ promotionId, amount: euro(100), coupon: code }],
});

describe("Coupon/mint", () => {
  test("Coupon/mint: a hundred thousand in one call, no two the same, read page by page in order", async () => {
    const promotionId = await launched();
    const answer = await mint({ promotionId, ...BATCH, count: COUPON_COUNT_MAX }, scene(operator));
    expect(answer).toEqual({ count: COUPON_COUNT_MAX });
    const codes = (await readAll(promotionId)).map(({ code }) => code);
    expect(new Set(codes).size).toBe(COUPON_COUNT_MAX);
    expect(codes.every((code, at) => at === 0 || codes[at - 1]! < code)).toBe(true);
    expect(codes.every((code) => code.startsWith("SPRING-") && Code.safeParse(code).success)).toBe(true);
  }, 60_000);

  test("Coupon/mint: the same batch, five times at once, makes the same codes once", async () => {
    const promotionId = await launched();
    const calls = Array.from({ length: 5 }, () =>
      mint({ promotionId, ...BATCH, count: 50 }, scene(operator)),
    );
    await Promise.all(calls);
    const first = await readAll(promotionId, 7);
    expect(first).toHaveLength(50);
    await mint({ promotionId, ...BATCH, count: 50 }, scene(operator));
    expect(await readAll(promotionId)).toEqual(first);
  });

  test("Coupon/mint: another batch of this name is BATCH_DIFFERENT, and codes of two promotions have nothing in common", async () => {
    const one = await minted();
    for (const other of [{ count: 4 }, { count: 3, prefix: "AUTUMN" }]) {
      const call = mint({ promotionId: one.promotionId, ...BATCH, ...other }, scene(operator));
      await expect(call).rejects.toMatchObject({ code: "BATCH_DIFFERENT" });
    }
    const accountIds = [freshId("acc"), freshId("acc"), freshId("acc")];
    await expect(
      grant({ promotionId: one.promotionId, ...BATCH, accountIds }, scene(operator)),
    ).rejects.toMatchObject({ code: "BATCH_DIFFERENT" });
    const { codes } = await minted();
    expect(codes.filter((code) => one.codes.includes(code))).toEqual([]);
  });

  test("Coupon/mint, Coupon/grant, Coupon/list: of somebody else's promotion, or of none, PROMOTION_UNKNOWN", async () => {
    const own = (await create(terms(), scene(seller))).promotionId;
    expect(await mint({ promotionId: own, ...BATCH, count: 1 }, scene(seller))).toEqual({ count: 1 });
    const strangers: ReadonlyArray<readonly [string, Principal]> = [
      [own, asAccount(undefined, "seller")],
      [own, operator],
      [await launched(), seller],
      [freshId("prm"), operator],
    ];
    const unknown = { code: "PROMOTION_UNKNOWN" };
    for (const [promotionId, who] of strangers) {
      const accountIds = [freshId("acc")];
      await expect(mint({ promotionId, ...BATCH, count: 1 }, scene(who))).rejects.toMatchObject(unknown);
      await expect(grant({ promotionId, ...BATCH, accountIds }, scene(who))).rejects.toMatchObject(unknown);
      await expect(list({ promotionId, batch: "spring" }, scene(who))).rejects.toMatchObject(unknown);
    }
  });
});

describe("a coupon", () => {
  test("brings its promotion, which does not come of itself, and is named for the hold", async () => {
    const { promotionId, codes } = await minted();
    const [code = ""] = codes;
    expect((await quoted([])).applied).toEqual([]);
    const { applied, total } = await quoted([code]);
    expect(applied).toMatchObject([{ promotionId, coupon: code, amount: euro(100) }]);
    expect(total).toEqual(euro(900));
  });

  test("two of one promotion count once", async () => {
    const { codes } = await minted();
    const { applied, total } = await quoted(codes.slice(0, 2));
    expect([applied.length, total]).toEqual([1, euro(900)]);
  });

  test("Promotion/hold: of ten at once on one coupon one holds it, the others COUPON_SPENT; freed it is good again", async () => {
    const { promotionId, codes } = await minted();
    const [code = ""] = codes;
    const holds = Array.from({ length: 10 }, () => holdOf(promotionId, code));
    const outcomes = await Promise.allSettled(holds.map((one) => hold(one, scene())));
    const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    expect(refused).toEqual(Array.from({ length: 9 }, () => "COUPON_SPENT"));
    const winner = holds.find((_, at) => outcomes[at]?.status === "fulfilled")!;
    const stateOf = async () => (await readAll(promotionId)).find((one) => one.code === code)?.state;
    expect(await stateOf()).toBe("held");
    await redeem(winner, scene());
    expect(await stateOf()).toBe("redeemed");
    expect((await quoted([code])).applied).toMatchObject([{ coupon: code, amount: euro(0) }]);
    for (const undo of [restore, free]) await undo(winner, scene());
    expect(await stateOf()).toBe("free");
    await hold(holdOf(promotionId, code), scene());
  });

  test("Promotion/hold: refused for its coupon it takes nothing of the budget; another promotion's coupon is COUPON_SPENT", async () => {
    const [one, other] = [await minted(), await minted()];
    const call = hold(holdOf(one.promotionId, other.codes[0] ?? ""), scene());
    await expect(call).rejects.toMatchObject({ code: "COUPON_SPENT", data: { code: other.codes[0] } });
  });

  test("Coupon/grant: one for each account, good for nobody else, the same again however the accounts are listed", async () => {
    const promotionId = await launched();
    const accountIds = Array.from({ length: 5 }, () => freshId("acc"));
    const given: In<typeof Coupon, "grant"> = { promotionId, ...BATCH, accountIds };
    expect(await grant(given, scene(operator))).toEqual({ count: 5 });
    await grant({ ...given, accountIds: accountIds.toReversed() }, scene(operator));
    const coupons = await readAll(promotionId);
    expect(new Set(coupons.map(({ accountId }) => accountId))).toEqual(new Set(accountIds));
    const [{ code, accountId } = { code: "", accountId: "" }] = coupons;
    expect((await quoted([code], accountId ?? "")).total).toEqual(euro(900));
    await expect(quoted([code])).rejects.toMatchObject({ code: "CODE_UNKNOWN" });
    await expect(hold(holdOf(promotionId, code), scene())).rejects.toMatchObject({ code: "COUPON_SPENT" });
    await hold(holdOf(promotionId, code, accountId ?? ""), scene());
  });
});
