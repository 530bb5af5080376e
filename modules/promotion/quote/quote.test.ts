import type { In } from "@shopnexus/contracts/kit/contract";
import { freshId } from "@shopnexus/contracts/kit/id";
import { MINOR_MAX } from "@shopnexus/contracts/kit/money";
import type { Promotion } from "@shopnexus/contracts/promotion/promotion";
import type { Quote } from "@shopnexus/contracts/promotion/quote";
import { promotion, promotionTarget } from "#db/promotion/tables.ts";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { testDatabase, type TestDatabase } from "#tools/testkit/database.ts";
import { create } from "../promotion/create.ts";
import { free } from "../promotion/free.ts";
import { hold as holdStep } from "../promotion/hold.ts";
import { launch } from "../promotion/launch.ts";
import { columnsOf, targetRowsOf } from "../promotion/rules.ts";
import { explain } from "./explain.ts";
import { price } from "./price.ts";

/** One for each test: automatic promotions touch every basket. */
let database: TestDatabase;
const opened: TestDatabase[] = [];
beforeEach(async () => {
  database = await testDatabase("promotion");
  opened.push(database);
});
afterAll(() => Promise.all(opened.map((one) => one.close())));

const scene = (who = asModule("order")) => sceneOf(database.db, who);
const BUYER = freshId("acc");
const hold = (input: Omit<In<typeof Promotion, "hold">, "accountId">, at: StepScene) =>
  holdStep({ accountId: BUYER, ...input }, at);
const euro = (minor: number) => ({ minor, currency: "EUR" });
const [ANNA, BERT] = [freshId("acc"), freshId("acc")];

type Terms = In<typeof Promotion, "launch">;
const terms = (rest: Partial<Terms> = {}): Terms => ({
  name: "Autumn",
  discount: { kind: "percent", basisPoints: 1_000 },
  budget: euro(100_000),
  startsAt: "2026-01-01T00:00:00.000Z",
  endsAt: "2026-02-01T00:00:00.000Z",
  ...rest,
});
const launched = async (rest: Partial<Terms>): Promise<string> =>
  (await launch(terms(rest), scene(asAccount(undefined, "operator")))).promotionId;
const createdBy = async (sellerId: string, rest: Partial<Terms>): Promise<string> =>
  (await create(terms(rest), scene(asAccount(sellerId, "seller")))).promotionId;

type Basket = In<typeof Quote, "price">;
const line = (sellerId = ANNA, unitMinor = 1_000): Basket["lines"][number] => ({
  skuId: freshId("sku"),
  sellerId,
  unitPrice: euro(unitMinor),
  pieces: 1,
});
const quoted = (rest: Partial<Basket> = {}) =>
  price({ currency: "EUR", at: "2026-01-15T00:00:00.000Z", lines: [line()], codes: [], ...rest }, scene());
const NONE = { discount: euro(0), platformPart: euro(0), cashback: euro(0) };
const unknown = (code: string) => ({ code: "CODE_UNKNOWN", data: { code } });

describe("Quote/price", () => {
  test("Quote/price: without promotions a basket costs what its lines cost", async () => {
    const lines = [line(ANNA, 150), { ...line(BERT, 200), pieces: 3 }];
    expect(await quoted({ lines })).toEqual({
      lines: [
        { skuId: lines[0]?.skuId, subtotal: euro(150), ...NONE, total: euro(150) },
        { skuId: lines[1]?.skuId, subtotal: euro(600), ...NONE, total: euro(600) },
      ],
      parcels: [],
      applied: [],
      lost: [],
      total: euro(750),
    });
  });

  test("Quote/price: the platform's promotion touches every line, a seller's only the seller's own", async () => {
    const ofPlatform = await launched({ priority: 1 });
    const ofBert = await createdBy(BERT, { discount: { kind: "fixed", amount: euro(300) } });
    await createdBy(freshId("acc"), { name: "nobody here sells for" });
    const { lines, applied } = await quoted({ lines: [line(ANNA), line(BERT)] });
    expect(lines.map(({ total }) => total.minor)).toEqual([900, 600]);
    const given = applied.map(({ promotionId, amount }) => [promotionId, amount.minor]);
    expect(given).toEqual([
      [ofPlatform, 200],
      [ofBert, 300],
    ]);
  });

  test("Quote/price: automatic promotions apply of themselves, the others only by their code", async () => {
    await launched({ name: "automatic" });
    await launched({ name: "by code", code: "AUTUMN" });
    expect((await quoted()).applied.map(({ name }) => name)).toEqual(["automatic"]);
    const { applied, total } = await quoted({ codes: ["AUTUMN", "AUTUMN"] });
    expect(applied.map(({ name }) => name).toSorted()).toEqual(["automatic", "by code"]);
    expect(total).toEqual(euro(810));
  });

  test("Quote/price: a promotion runs from its start up to, and not at, its end", async () => {
    await launched({ code: "AUTUMN" });
    for (const at of ["2026-01-01T00:00:00.000Z", "2026-01-31T23:59:59.999Z"]) {
      expect((await quoted({ at, codes: ["AUTUMN"] })).total).toEqual(euro(900));
    }
    for (const at of ["2025-12-31T23:59:59.999Z", "2026-02-01T00:00:00.000Z"]) {
      await expect(quoted({ at, codes: ["AUTUMN"] })).rejects.toMatchObject(unknown("AUTUMN"));
    }
  });

  test("Quote/price: CODE_UNKNOWN names the code: never made, another's goods, another currency", async () => {
    await createdBy(BERT, { code: "BERT" });
    await launched({ code: "DOLLARS", budget: { minor: 1_000, currency: "USD" } });
    for (const code of ["NEVER", "BERT", "DOLLARS"]) {
      await expect(quoted({ codes: [code] })).rejects.toMatchObject(unknown(code));
    }
    expect((await quoted({ lines: [line(BERT)], codes: ["BERT"] })).total).toEqual(euro(900));
  });

  test("Quote/price: a promotion of another currency does not apply of itself", async () => {
    await launched({ budget: { minor: 1_000, currency: "USD" } });
    expect((await quoted()).applied).toEqual([]);
  });

  test("Quote/price: two currencies in one basket are CURRENCY_MIXED", async () => {
    const dollars = { ...line(), unitPrice: { minor: 1, currency: "USD" } };
    await expect(quoted({ lines: [line(), dollars] })).rejects.toMatchObject({ code: "CURRENCY_MIXED" });
  });

  test("Quote/price: a basket beyond what money can say is INVALID_INPUT, and not tried again", async () => {
    const lines = [{ ...line(ANNA, MINOR_MAX), pieces: 9_999 }];
    await expect(quoted({ lines })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("Quote/price: what a promotion is aimed at", () => {
  test("Quote/price: a SKU, a listing, a category, a seller; whatever it names, a seller's touches the seller's own", async () => {
    const shoes = { ...line(ANNA), listingId: freshId("lst"), category: "shoes" };
    const hats = { ...line(BERT), listingId: freshId("lst"), category: "hats" };
    const lines = [shoes, hats];
    const fixed = (minor: number) => ({ discount: { kind: "fixed" as const, amount: euro(minor) } });
    await launched({ ...fixed(1), targets: [{ kind: "sku", skuId: shoes.skuId }] });
    await launched({ ...fixed(2), targets: [{ kind: "listing", listingId: hats.listingId }] });
    await launched({ ...fixed(4), targets: [{ kind: "category", category: "shoes" }] });
    await launched({ ...fixed(8), targets: [{ kind: "seller", sellerId: BERT }] });
    await createdBy(BERT, { ...fixed(16), targets: [{ kind: "category", category: "shoes" }] });
    await launched({ ...fixed(32), targets: [{ kind: "category", category: "coats" }] });
    const { lines: quotedLines, lost } = await quoted({ lines });
    expect(quotedLines.map(({ discount }) => discount.minor)).toEqual([5, 10]);
    expect(lost).toEqual([]);
  });

  test("Quote/price: a bundle is aimed at its items, and takes a set for its price", async () => {
    const lines = [line(ANNA, 300), line(ANNA, 200), line(ANNA, 50)];
    const items = lines.slice(0, 2).map(({ skuId }) => ({ skuId, pieces: 1 }));
    await createdBy(ANNA, { discount: { kind: "bundle", items, price: euro(400) } });
    expect((await quoted({ lines })).lines.map(({ total }) => total.minor)).toEqual([240, 160, 50]);
  });

  test("Quote/price: parcels become cheaper by what gives shipping, goods by what gives goods", async () => {
    await launched({ gives: "shipping", minimum: euro(1_000), level: "seller" });
    const parcels = [ANNA, BERT].map((sellerId) => ({ sellerId, price: euro(500) }));
    const view = await quoted({ lines: [line(ANNA), line(BERT, 999)], parcels });
    expect(view.total).toEqual(euro(1_999));
    expect(view.parcels.map(({ total }) => total.minor)).toEqual([450, 500]);
    expect(view.applied).toMatchObject([{ gives: "shipping", paidBy: "platform", amount: euro(50) }]);
  });
});

describe("Quote/price: when and how often", () => {
  test("Quote/price: however many are aimed at a line and off by their schedule, they keep out none that is on", async () => {
    const off = terms({ priority: 1, schedule: { cron: "0 9 * * *", timeZone: "UTC", minutes: 1 } });
    const rows = Array.from({ length: 450 }, () => ({
      ...columnsOf(off, null),
      promotionId: freshId("prm"),
      createdBy: BUYER,
    }));
    await database.db.insert(promotion).values(rows);
    const targets = rows.flatMap(({ promotionId }) => targetRowsOf(off, promotionId, null));
    await database.db.insert(promotionTarget).values(targets);
    await launched({ name: "on", priority: 900 });
    const { applied, lost } = await quoted();
    expect(applied.map(({ name }) => name)).toEqual(["on"]);
    expect(lost).toEqual([]);
    expect((await quoted({ at: "2026-01-15T09:00:30.000Z" })).applied).toHaveLength(20);
  });

  test("Quote/price: a schedule opens and shuts it within its window", async () => {
    const schedule = { cron: "0 9 * * *", timeZone: "Asia/Ho_Chi_Minh", minutes: 60 };
    await launched({ code: "MORNING", schedule });
    expect((await quoted({ at: "2026-01-15T02:59:59.999Z", codes: ["MORNING"] })).total).toEqual(euro(900));
    for (const at of ["2026-01-15T01:59:59.999Z", "2026-01-15T03:00:00.000Z", "2026-02-15T02:30:00.000Z"])
      await expect(quoted({ at, codes: ["MORNING"] })).rejects.toMatchObject(unknown("MORNING"));
  });

  test("Quote/price: an account that used it up gets nothing, others do; with all uses gone nobody does", async () => {
    const promotionId = await launched({ accountUses: 1, uses: 2 });
    const [mai, lan] = [freshId("acc"), freshId("acc")];
    const use = (accountId: string) =>
      holdStep(
        { promotionHoldId: freshId("phd"), accountId, shares: [{ promotionId, amount: euro(1) }] },
        scene(),
      );
    await use(mai);
    const lost = [{ promotionId, name: "Autumn", reason: "spent" }];
    expect(await quoted({ accountId: mai })).toMatchObject({ total: euro(1_000), lost });
    expect(await quoted({ accountId: lan })).toMatchObject({ total: euro(900), lost: [] });
    await use(lan);
    expect(await quoted({ accountId: freshId("acc") })).toMatchObject({ total: euro(1_000), lost });
  });
});

describe("Quote/explain", () => {
  test("Quote/explain: says the price that Quote/price says, what each promotion gave to which line, and why the others lost", async () => {
    const lines = [line(ANNA), line(BERT)];
    const basket = { currency: "EUR", at: "2026-01-15T00:00:00.000Z", lines, codes: ["DEAR"] };
    const small = await launched({ group: "autumn", name: "small" });
    const big = await launched({
      group: "autumn",
      name: "big",
      discount: { kind: "percent", basisPoints: 2_000 },
    });
    const dear = await launched({ code: "DEAR", name: "dear", minimum: euro(5_000) });
    const bert = await createdBy(BERT, { name: "bert", priority: 200 });
    const { lines: explained, ...rest } = await explain(basket, scene());
    const { lines: priced, ...view } = await price(basket, scene());
    expect(rest).toEqual(view);
    expect(explained.map(({ parts: _, lost: _lost, ...bare }) => bare)).toEqual(priced);
    const outdone = { promotionId: small, name: "small", reason: "outdone", by: big };
    const below = { promotionId: dear, name: "dear", reason: "below_minimum" };
    expect(explained.map(({ lost }) => lost.toSorted((a, b) => (a.name > b.name ? -1 : 1)))).toEqual([
      [outdone, below],
      [outdone, below],
    ]);
    expect(explained[0]?.parts).toEqual([
      { promotionId: big, name: "big", amount: euro(200), gives: "goods" },
    ]);
    expect(explained[1]?.parts).toEqual([
      { promotionId: big, name: "big", amount: euro(200), gives: "goods" },
      { promotionId: bert, name: "bert", amount: euro(80), gives: "goods" },
    ]);
  });

  test("Quote/explain: CODE_UNKNOWN and CURRENCY_MIXED as for a price", async () => {
    const basket = { currency: "EUR", at: "2026-01-15T00:00:00.000Z", lines: [line()], codes: ["NEVER"] };
    await expect(explain(basket, scene())).rejects.toMatchObject(unknown("NEVER"));
    await expect(explain({ ...basket, currency: "USD" }, scene())).rejects.toMatchObject({
      code: "CURRENCY_MIXED",
    });
  });
});

describe("Quote/price and Promotion/hold", () => {
  const holdOf = async (basket: Partial<Basket>) => {
    const { applied } = await quoted(basket);
    const promotionHoldId = freshId("phd");
    const shares = applied.map(({ promotionId, amount }) => ({ promotionId, amount }));
    return { promotionHoldId, amounts: shares.map(({ amount }) => amount.minor), shares };
  };

  test("Quote/price: gives what is left of a budget, and what it gives can be held", async () => {
    await launched({ budget: euro(150) });
    const first = await holdOf({});
    await hold(first, scene());
    const second = await holdOf({});
    await hold(second, scene());
    expect([first.amounts, second.amounts]).toEqual([[100], [50]]);
    expect((await quoted()).applied).toEqual([]);
    await free(first, scene());
    expect((await quoted()).total).toEqual(euro(900));
  });

  test("Quote/price: a code whose budget is spent gives nothing, and its hold says BUDGET_SPENT", async () => {
    const promotionId = await launched({ code: "AUTUMN", budget: euro(100) });
    await hold(await holdOf({ codes: ["AUTUMN"] }), scene());
    const late = await holdOf({ codes: ["AUTUMN"] });
    expect(late.amounts).toEqual([0]);
    await expect(hold(late, scene())).rejects.toMatchObject({ code: "BUDGET_SPENT", data: { promotionId } });
  });
});
