import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { CommissionScope, CommissionTerms } from "@shopnexus/contracts/order/commission";
import { commissionRule } from "#db/order/payouts.ts";
import { testDatabase, type TestDatabase } from "#tools/testkit/database.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { history } from "./history.ts";
import { list } from "./list.ts";
import { mine } from "./mine.ts";
import { put } from "./put.ts";
import { rate } from "./rate.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

const bossId = freshId("acc");
const boss = asAccount(bossId, "operator");
const asBoss = (callKey?: string) =>
  sceneOf(database.db, boss, { ...(callKey !== undefined && { callKey }) });
const terms = (basisPoints: number, fixedMinor?: number, currency = "USD"): CommissionTerms => ({
  basisPoints,
  fixed: fixedMinor === undefined ? null : { minor: fixedMinor, currency },
});
let made = 0;
const category = (): CommissionScope & { kind: "category" } => ({
  kind: "category",
  categorySlug: `things-${made++}`,
});
const seller = (sellerId = freshId("acc")): CommissionScope & { kind: "seller" } => ({
  kind: "seller",
  sellerId,
});
const line = (
  minor = 10_000,
  rest: Partial<{ sellerId: string; categorySlug: string; currency: string }> = {},
) => ({
  lineId: freshId("lin"),
  sellerId: rest.sellerId ?? freshId("acc"),
  categorySlug: rest.categorySlug ?? "nowhere",
  total: { minor, currency: rest.currency ?? "USD" },
});
const taken = async (...lines: ReturnType<typeof line>[]): Promise<number[]> => {
  const rated = await rate({ lines }, sceneOf(database.db, asModule("order")));
  expect(rated.lines.map(({ lineId }) => lineId)).toEqual(lines.map(({ lineId }) => lineId));
  return rated.lines.map(({ commission }) => commission.minor);
};
const versionsOf = async (scope: CommissionScope) =>
  (await history({ scope }, asBoss())).items.map((rule) => rule.terms?.basisPoints);

describe("Commission/rate", () => {
  it("takes nothing where there is no rule at all", async () => {
    expect(await taken(line(), line(0))).toEqual([0, 0]);
  });

  it("the seller's rule wins over the category's, and that over the default", async () => {
    const [shelf, an] = [category(), seller()];
    await put({ scope: { kind: "default" }, terms: terms(1_000) }, asBoss());
    await put({ scope: shelf, terms: terms(500) }, asBoss());
    await put({ scope: an, terms: terms(200) }, asBoss());
    const both = { sellerId: an.sellerId, categorySlug: shelf.categorySlug };
    expect(
      await taken(line(), line(10_000, { categorySlug: shelf.categorySlug }), line(10_000, both)),
    ).toEqual([1_000, 500, 200]);
    await put({ scope: an, terms: null }, asBoss());
    expect(await taken(line(10_000, both))).toEqual([500]);
    await put({ scope: { kind: "default" }, terms: null }, asBoss());
  });

  it("the fixed part counts in its own currency alone, and never more than the goods is taken", async () => {
    const an = seller();
    await put({ scope: an, terms: terms(1_000, 300) }, asBoss());
    const { sellerId } = an;
    const euro = line(10_000, { sellerId, currency: "EUR" });
    expect(
      await taken(line(10_000, { sellerId }), euro, line(200, { sellerId }), line(0, { sellerId })),
    ).toEqual([1_300, 1_000, 200, 0]);
  });
});

describe("Commission/put", () => {
  it("the terms that hold already change nothing; others are a version more, and none is lost or overwritten", async () => {
    const scope = seller();
    const first = await put({ scope, terms: terms(100) }, asBoss());
    expect(await put({ scope, terms: terms(100) }, asBoss())).toEqual(first);
    await put({ scope, terms: terms(100, 5) }, asBoss());
    await put({ scope, terms: terms(100, 5, "EUR") }, asBoss());
    await put({ scope, terms: null }, asBoss());
    await put({ scope, terms: null }, asBoss());
    expect(await versionsOf(scope)).toEqual([undefined, 100, 100, 100]);
  });

  it("a late repeat does not undo a later rule", async () => {
    const scope = seller();
    await put({ scope, terms: terms(100) }, asBoss("the-first"));
    const later = await put({ scope, terms: terms(200) }, asBoss("the-second"));
    expect(await put({ scope, terms: terms(100) }, asBoss("the-first"))).toEqual(later);
    expect(await versionsOf(scope)).toEqual([200, 100]);
  });

  it("of 20 at once with terms of their own each becomes a version; the same twenty times is one", async () => {
    const [scope, other] = [seller(), seller()];
    await Promise.all(Array.from({ length: 20 }, (_, at) => put({ scope, terms: terms(at) }, asBoss())));
    const versions = await versionsOf(scope);
    expect(versions.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 20 }, (_, at) => at),
    );
    await Promise.all(Array.from({ length: 20 }, () => put({ scope: other, terms: terms(7) }, asBoss())));
    expect(await versionsOf(other)).toEqual([7]);
  });

  it("the database itself refuses a share beyond the whole, half a fixed part, and an unknown scope", async () => {
    const row = { scope: "default", version: 1_000, putBy: "test" };
    const write = (columns: Partial<typeof commissionRule.$inferInsert>) =>
      database.db.insert(commissionRule).values({ ...row, putByCall: freshId("evt"), ...columns });
    const broken = (constraint: string) => ({ cause: { constraint_name: constraint } });
    await expect(write({ basisPoints: 10_001 })).rejects.toMatchObject(
      broken("commission_rule_share_beyond_the_whole"),
    );
    await expect(write({ basisPoints: 1, fixedMinor: 1 })).rejects.toMatchObject(
      broken("commission_rule_fixed_without_currency"),
    );
    await expect(write({ basisPoints: 1, fixedMinor: -1, fixedCurrency: "USD" })).rejects.toMatchObject(
      broken("commission_rule_fixed_below_zero"),
    );
    await expect(write({ fixedMinor: 1, fixedCurrency: "USD" })).rejects.toMatchObject(
      broken("commission_rule_fixed_without_share"),
    );
    await expect(write({ scope: "everybody" })).rejects.toMatchObject(
      broken("commission_rule_scope_unknown"),
    );
  });
});

describe("Commission, read", () => {
  it("list: the rules that hold, each scope once, page by page; what was ended is not there", async () => {
    const scopes = Array.from({ length: 5 }, category);
    for (const scope of scopes) await put({ scope, terms: terms(1) }, asBoss());
    for (const scope of scopes) await put({ scope, terms: terms(2) }, asBoss());
    await put({ scope: scopes[0] ?? { kind: "default" }, terms: null }, asBoss());
    const seen: unknown[] = [];
    for (let after: string | undefined; ; ) {
      const page = await list({ limit: 2, ...(after !== undefined && { after }) }, asBoss());
      seen.push(...page.items.map(({ scope }) => JSON.stringify(scope)));
      if (page.next === undefined) break;
      after = page.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(scopes.map((scope) => seen.includes(JSON.stringify(scope)))).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  it("history: newest first, page by page, with who did it", async () => {
    const scope = seller();
    for (const basisPoints of [1, 2, 3]) await put({ scope, terms: terms(basisPoints) }, asBoss());
    const first = await history({ scope, limit: 2 }, asBoss());
    expect(first.items.map((rule) => rule.terms?.basisPoints)).toEqual([3, 2]);
    const second = await history({ scope, limit: 2, after: first.next ?? "" }, asBoss());
    expect(second).toMatchObject({ items: [{ terms: { basisPoints: 1 }, putBy: bossId }] });
    expect(second.next).toBeUndefined();
    expect(await history({ scope, after: "nonsense" }, asBoss())).toEqual({ items: [] });
  });

  it("mine: what may apply to the caller's sales, and nothing of another seller's", async () => {
    const [an, shelf] = [seller(), category()];
    await put({ scope: an, terms: terms(11) }, asBoss());
    await put({ scope: shelf, terms: terms(22) }, asBoss());
    await put({ scope: { kind: "default" }, terms: terms(33) }, asBoss());
    const own = await mine({}, sceneOf(database.db, asAccount(an.sellerId, "seller")));
    expect(own).toMatchObject({ own: { terms: terms(11) }, standard: { terms: terms(33) } });
    expect(own.categories).toContainEqual(expect.objectContaining({ scope: shelf, terms: terms(22) }));
    const rival = await mine({}, sceneOf(database.db, asAccount(undefined, "seller")));
    expect(rival).toMatchObject({ own: null, standard: { terms: terms(33) } });
  });
});
