/** Promotions that meet, worked out by hand. `lost` names the promotion, the reason, and who is to blame. */
import { expect, test } from "vitest";
import { quote } from "../quote/rules.ts";
import type { Running } from "./promotions.ts";
import {
  basketOf,
  bundle,
  buyGet,
  euro,
  fixed,
  idOf,
  percent,
  running,
  sellerOf,
  skuOf,
  tiered,
} from "./proof/table.ts";

type Case = readonly [
  is: string,
  lines: string,
  promotions: readonly Running[],
  costs: string,
  lost?: string,
];
const PARCELS = "A 300, B 500";
/** The first goes first. */
const stacked = (...discounts: ReadonlyArray<Running["discount"]>): Running[] =>
  discounts.map((discount, at) => running(at + 1, discount));
const first = { priority: 1 };
const shipping = { gives: "shipping" as const };
const cashback = { gives: "cashback" as const };
const grouped = { group: "autumn" };
const exclusive = { isExclusive: true };
const set = bundle({ 1: 1, 2: 1 }, 200);
const setKeys = [`sku:${skuOf(1)}`, `sku:${skuOf(2)}`];

// biome-ignore format: a table is read across
const CASES: readonly Case[] = [
  ["percent, percent", "A 1000x1", stacked(percent(1_000), percent(2_000)), "720"],
  ["percent, fixed", "A 1000x1", stacked(percent(1_000), fixed(100)), "800"],
  ["fixed, percent", "A 1000x1", stacked(fixed(100), percent(1_000)), "810"],
  ["fixed, fixed", "A 1000x1", stacked(fixed(600), fixed(600)), "0"],
  ["percent, tiered", "A 100x4", stacked(percent(5_000), tiered({ 4: 1_000 })), "180"],
  ["tiered, fixed", "A 100x4", stacked(tiered({ 4: 1_000 }), fixed(60)), "300"],
  ["tiered, tiered", "A 100x4", stacked(tiered({ 4: 1_000 }), tiered({ 2: 5_000 })), "180"],
  ["percent, buy and get: a piece costs what is left of it", "A 100x3", stacked(percent(1_000), buyGet(2, 1)), "180"],
  ["buy and get, percent", "A 100x3", stacked(buyGet(2, 1), percent(1_000)), "180"],
  ["fixed, buy and get", "A 100x2", stacked(fixed(50), buyGet(1, 1)), "75"],
  ["tiered, buy and get", "A 100x4", stacked(tiered({ 4: 5_000 }), buyGet(1, 1)), "100"],
  ["buy and get, buy and get", "A 100x2", stacked(buyGet(1, 1), buyGet(1, 1)), "50"],
  ["percent, bundle: a set that is cheaper by then", "A 100x1, A 200x1", stacked(percent(1_000), set), "67, 133"],
  ["bundle, percent", "A 100x1, A 200x1", stacked(set, percent(1_000)), "60, 120"],
  ["bundle, fixed", "A 100x1, A 200x1", stacked(set, fixed(20)), "60, 120"],
  ["bundle, tiered", "A 100x1, A 200x1", stacked(set, tiered({ 2: 5_000 })), "33, 67"],
  ["bundle, buy and get", "A 100x1, A 200x1", stacked(set, buyGet(1, 1)), "0, 133"],
  ["bundle, bundle", "A 100x1, A 200x1", stacked(set, bundle({ 1: 1, 2: 1 }, 150)), "50, 100"],
  ["goods, shipping: neither sees the other", "A 100x1, B 100x1", [running(1, percent(1_000)), running(2, percent(5_000), shipping)], "90, 90 | 150, 250"],
  ["shipping, shipping", "A 100x1, B 100x1", [running(1, percent(5_000), shipping), running(2, fixed(100), { ...shipping, level: "seller" })], "100, 100 | 50, 150"],
  ["priority before id", "A 1000x1", [running(1, percent(5_000)), running(2, fixed(500), first)], "250"],
  ["a minimum looks at list prices", "A 1000x1", [running(1, percent(5_000)), running(2, fixed(100), { minimumMinor: 1_000 })], "400"],
  ["nothing is left for the second", "A 100x1", stacked(percent(10_000), fixed(10)), "0", "2 nothing_left"],
  ["levels meet: by line, then over all", "A 100x1, A 300x1", [running(1, fixed(100), { level: "line" }), running(2, fixed(100))], "0, 100"],
  ["levels meet: by seller, then by line", "A 100x1, B 100x1", [running(1, fixed(50), { level: "seller" }), running(2, percent(1_000), { level: "line" })], "45, 45"],
  ["minimum and cap", "A 1000x1", [running(1, percent(5_000), { minimumMinor: 1_000, capMinor: 200 })], "800"],
  ["cap and budget: the lesser counts", "A 1000x1", [running(1, percent(5_000), { capMinor: 200, left: euro(150) })], "850"],
  ["cap by line and budget over all", "A 100x1, A 300x1", [running(1, percent(10_000), { level: "line", capMinor: 100, left: euro(100) })], "50, 250"],
  ["tiers and a cap", "A 100x4", [running(1, tiered({ 4: 5_000 }), { capMinor: 50 })], "350"],
  ["a free piece and a cap", "A 100x3", [running(1, buyGet(2, 1), { capMinor: 30 })], "270"],
  ["a bundle and a minimum", "A 100x1, A 200x1", [running(1, set, { minimumMinor: 301 })], "100, 200", "1 below_minimum"],
  ["best of a group", "A 1000x1", [running(1, percent(1_000), grouped), running(2, fixed(150), grouped)], "850", "1 outdone 2"],
  ["best of a group, equal: priority", "A 1000x1", [running(1, percent(1_000), grouped), running(2, fixed(100), { ...grouped, ...first })], "900", "1 outdone 2"],
  ["best of a group, equal in all: id", "A 1000x1", [running(2, percent(1_000), grouped), running(1, fixed(100), grouped)], "900", "2 outdone 1"],
  ["of a group, for other lines", "A 100x1 hats, A 100x1", [running(1, percent(1_000), { ...grouped, targets: ["category:hats"] }), running(2, percent(2_000), { ...grouped, targets: ["category:things"] })], "90, 80"],
  ["two groups stack", "A 1000x1", [running(1, percent(1_000), grouped), running(2, fixed(100), { group: "winter" })], "800"],
  ["groups of two owners are two groups", "A 1000x1", [running(1, percent(1_000), grouped), running(2, fixed(100), { ...grouped, sellerId: sellerOf("A") })], "800"],
  ["best of a group whose minimum is met", "A 100x1", [running(1, fixed(90), { ...grouped, minimumMinor: 200 }), running(2, fixed(10), grouped)], "90", "1 below_minimum"],
  ["best of a group by what its cap leaves", "A 1000x1", [running(1, percent(5_000), { ...grouped, capMinor: 50 }), running(2, fixed(60), grouped)], "940", "1 outdone 2"],
  ["best of a group by what its budget leaves", "A 1000x1", [running(1, percent(5_000), { ...grouped, left: euro(50) }), running(2, fixed(60), grouped)], "940", "1 outdone 2"],
  ["spent, it outdoes nobody", "A 1000x1", [running(1, percent(5_000), { ...grouped, isUsedUp: true }), running(2, fixed(60), grouped)], "940", "1 spent"],
  ["goods and shipping in one group", "A 100x1, B 100x1", [running(1, fixed(100), grouped), running(2, fixed(99), { ...grouped, ...shipping })], "50, 50 | 300, 500", "2 outdone 1"],
  ["tiers and free pieces in one group", "A 100x3", [running(1, tiered({ 3: 2_000 }), grouped), running(2, buyGet(2, 1), grouped)], "200", "1 outdone 2"],
  ["a bundle and a percentage in one group", "A 100x1, A 200x1", [running(1, set, grouped), running(2, percent(1_000), grouped)], "67, 133", "2 outdone 1"],
  ["exclusive goes first and alone", "A 1000x1", [running(1, percent(5_000), first), running(2, percent(1_000), exclusive)], "900", "1 excluded 2"],
  ["exclusive leaves other lines alone", "A 1000x1 hats, A 1000x1", [running(1, percent(1_000), { ...exclusive, targets: ["category:hats"] }), running(2, percent(2_000))], "900, 800"],
  ["what an exclusive one took counts for nobody's minimum", "A 100x1 hats, A 100x1", [running(1, percent(1_000), { ...exclusive, targets: ["category:hats"] }), running(2, fixed(10), { minimumMinor: 200 })], "90, 100", "2 below_minimum"],
  ["two exclusive ones: priority", "A 1000x1", [running(1, fixed(300), exclusive), running(2, fixed(100), { ...exclusive, ...first })], "900", "1 excluded 2"],
  ["exclusive below its minimum takes nothing", "A 100x1", [running(1, fixed(50), { ...exclusive, minimumMinor: 200 }), running(2, fixed(10))], "90", "1 below_minimum"],
  ["exclusive and spent takes nothing", "A 100x1", [running(1, fixed(50), { ...exclusive, left: euro(0) }), running(2, fixed(10))], "90", "1 spent"],
  ["exclusive goods keep their parcel from others", "A 100x1, B 100x1", [running(1, fixed(50), { ...exclusive, targets: [`seller:${sellerOf("A")}`] }), running(2, percent(10_000), shipping)], "50, 100 | 300, 0"],
  ["exclusive shipping keeps its goods from others", "A 100x1, B 100x1", [running(1, percent(10_000), { ...exclusive, ...shipping }), running(2, percent(1_000))], "100, 100 | 0, 0", "2 excluded 1"],
  ["an exclusive one that is outdone in its group takes nothing", "A 100x1", [running(1, fixed(10), { ...exclusive, ...grouped }), running(2, fixed(20), grouped), running(3, fixed(5))], "75", "1 outdone 2"],
  ["the best of a group, exclusive", "A 100x1", [running(1, fixed(30), { ...exclusive, ...grouped }), running(2, fixed(20), grouped), running(3, fixed(50))], "70", "2 outdone 1, 3 excluded 1"],
  ["a seller's exclusive one keeps no other seller's lines", "A 100x1, B 100x1", [running(1, fixed(50), { ...exclusive, sellerId: sellerOf("A"), targets: [`seller:${sellerOf("A")}`] }), running(2, percent(1_000))], "50, 90"],
  ["discount, cashback: of what is paid, whatever the priority", "A 1000x1", [running(1, percent(1_000), { ...first, ...cashback }), running(2, percent(1_000))], "900 + 90"],
  ["cashback, cashback: never more than is paid", "A 100x1, A 300x1", [running(1, fixed(300), cashback), running(2, fixed(300), cashback)], "100, 300 + 100, 300"],
  ["cashback and a cap by line", "A 100x1, A 300x1", [running(1, percent(5_000), { ...cashback, level: "line", capMinor: 100 })], "100, 300 + 50, 100"],
  ["cashback in a group with a discount", "A 100x1", [running(1, fixed(10), { ...grouped, ...cashback }), running(2, fixed(9), grouped)], "100 + 10", "2 outdone 1"],
  ["exclusive, cashback", "A 100x1", [running(1, fixed(10), exclusive), running(2, fixed(9), cashback)], "90 + 0", "2 excluded 1"],
  ["exclusive cashback", "A 100x1", [running(1, fixed(10), { ...exclusive, ...cashback }), running(2, fixed(9))], "100 + 10", "2 excluded 1"],
  ["sellers' promotions side by side", "A 100x1, B 100x1", [running(1, percent(1_000), { sellerId: sellerOf("A") }), running(2, percent(2_000), { sellerId: sellerOf("B") })], "90, 80"],
  ["tiers by seller, by code, and parcels with a minimum and a cap", "A 100x4, B 200x1", [running(1, tiered({ 4: 1_000 }), { level: "seller", code: "TIER" }), running(2, percent(5_000), { ...shipping, minimumMinor: 500, capMinor: 300 })], "360, 200 | 187, 313"],
  ["tiers by line, and what a budget leaves of cashback, last whatever its priority", "A 100x4, A 50x2", [running(1, tiered({ 2: 1_000, 4: 2_000 }), { level: "line" }), running(2, percent(5_000), { ...cashback, ...first, left: euro(100) })], "320, 90 + 78, 22"],
  ["a seller's exclusive tiers for a category, by code", "A 100x3 hats, B 100x3 hats, A 100x1", [running(1, tiered({ 3: 3_000 }), { ...exclusive, sellerId: sellerOf("A"), targets: ["category:hats"], code: "HATS" }), running(2, percent(1_000), { ...first, level: "seller" }), running(3, fixed(50), { isUsedUp: true, priority: 2 })], "210, 270, 90", "3 spent"],
  ["free pieces by line, parcels of whoever sold enough, cashback by seller", "A 100x3, B 200x2", [running(1, buyGet(2, 1), { level: "line", code: "B2G1" }), running(2, percent(10_000), { ...shipping, level: "line", minimumMinor: 350 }), running(3, percent(1_000), { ...cashback, level: "seller" })], "200, 400 | 300, 0 + 20, 40"],
  ["a seller's exclusive free piece that its budget cuts short", "A 100x2 hats, A 60x2", [running(1, buyGet(1, 1), { ...exclusive, sellerId: sellerOf("A"), targets: ["category:hats"], left: euro(70) }), running(2, percent(5_000), { ...first, capMinor: 20 }), running(3, fixed(9), { left: euro(0), priority: 2, sellerId: sellerOf("A") })], "130, 100", "3 spent"],
  ["a bundle by code, each line, capped parcels, cashback of the rest", "A 100x1, A 200x1, B 100x1", [running(1, set, { level: "seller", code: "SET", targets: setKeys }), running(2, percent(1_000), { level: "line" }), running(3, percent(5_000), { ...shipping, capMinor: 100 }), running(4, percent(1_000), cashback)], "60, 120, 90 | 262, 438 + 6, 12, 9"],
  ["a seller's exclusive bundle that its budget cuts short", "A 100x2, A 200x2", [running(1, set, { ...exclusive, sellerId: sellerOf("A"), targets: setKeys, left: euro(50), priority: 5 }), running(2, fixed(30), { isUsedUp: true }), running(3, percent(1_000))], "183, 367", "2 spent, 3 excluded 1"],
  ["a seller's own parcel first, as far as its budget goes; a spent code is not lost", "A 100x1, B 100x1", [running(1, fixed(400), { ...shipping, ...first, sellerId: sellerOf("A"), left: euro(120) }), running(2, percent(5_000), shipping), running(3, percent(1_000), { ...shipping, isUsedUp: true, code: "GONE" })], "100, 100 | 90, 250"],
  ["cashback for a category with a minimum, beside a seller's discount", "A 100x1 hats, B 200x1", [running(1, percent(1_000), { sellerId: sellerOf("B") }), running(2, fixed(50), { ...cashback, targets: ["category:hats"], minimumMinor: 100 }), running(3, percent(5_000), { ...cashback, isUsedUp: true, level: "seller" })], "100, 180 + 50, 0", "3 spent"],
  ["of a seller's group, by line: the best is exclusive", "A 100x1 hats, A 300x1 hats, A 50x1", [running(1, fixed(60), { ...grouped, level: "line", sellerId: sellerOf("A"), targets: ["category:hats"] }), running(2, percent(3_000), { ...grouped, ...exclusive, level: "line", sellerId: sellerOf("A") }), running(3, fixed(5), { ...first, level: "line", isUsedUp: true })], "70, 210, 35", "1 outdone 2, 3 spent"],
  ["best of a group by seller, by what its budget leaves, and a code after it", "A 100x1, A 100x1, B 300x1", [running(1, fixed(80), { ...grouped, level: "seller", left: euro(120) }), running(2, percent(2_000), { ...grouped, level: "seller" }), running(3, fixed(10), { level: "seller", code: "TEN" })], "65, 65, 230", "2 outdone 1"],
  ["minimums look at list prices, caps at what is left", "A 200x1, A 300x1", [running(1, fixed(100), { ...first, minimumMinor: 500, left: euro(60), code: "MIN" }), running(2, percent(5_000), { minimumMinor: 501 }), running(3, percent(5_000), { minimumMinor: 500, capMinor: 100 }), running(4, percent(1_000), { capMinor: 10 })], "132, 198", "2 below_minimum"],
  ["two codes with little left, and two that are spent", "A 100x1, A 300x1", [running(1, percent(5_000), { left: euro(100), code: "ONE" }), running(2, fixed(100), { left: euro(40), code: "TWO" }), running(3, percent(1_000), { isUsedUp: true }), running(4, fixed(10), { left: euro(0) })], "65, 195", "3 spent, 4 spent"],
];

/** Every rule that decides a price; a schedule decides before whether a promotion is there, and who pays changes no price. */
const RULES: Readonly<Record<string, (promotion: Running) => boolean>> = {
  percent: ({ discount }) => discount.kind === "percent",
  fixed: ({ discount }) => discount.kind === "fixed",
  tiered: ({ discount }) => discount.kind === "tiered",
  "buy and get": ({ discount }) => discount.kind === "buy_get",
  bundle: ({ discount }) => discount.kind === "bundle",
  shipping: ({ gives }) => gives === "shipping",
  cashback: ({ gives }) => gives === "cashback",
  "by line": ({ level }) => level === "line",
  "by seller": ({ level }) => level === "seller",
  minimum: ({ minimumMinor }) => minimumMinor > 0,
  cap: ({ capMinor }) => capMinor !== null,
  "what is left of a budget": ({ left }) => left.minor > 0 && left.minor < running(1, percent(1)).left.minor,
  spent: ({ isUsedUp, left }) => isUsedUp || left.minor === 0,
  group: ({ group }) => group !== null,
  exclusive: (promotion) => promotion.isExclusive,
  "a seller's": ({ sellerId }) => sellerId !== null,
  target: ({ targets }) => targets[0] !== "all",
  code: ({ code }) => code !== null,
  priority: ({ priority }) => priority !== running(1, percent(1)).priority,
};

test("every pair of rules meets in one of these baskets, on one promotion or on two; each rule meets itself on two", () => {
  const names = Object.keys(RULES);
  const pairs = names.flatMap((one, at) => names.slice(at).map((other) => [one, other] as const));
  const isMet = ([one, other]: readonly [string, string]): boolean =>
    CASES.some(([, , promotions]) => {
      const [ofOne, ofOther] = [promotions.filter(RULES[one]!), promotions.filter(RULES[other]!)];
      return one === other ? ofOne.length > 1 : ofOne.length > 0 && ofOther.length > 0;
    });
  const missing = pairs.filter((pair) => !isMet(pair)).map((pair) => pair.join(", "));
  expect(pairs).toHaveLength((names.length * (names.length + 1)) / 2);
  expect(missing).toEqual([]);
});

const nameOf = (id: string) => String(Number(id.slice(idOf("prm", 0).indexOf("_") + 1)));

test.each(CASES.map(([is, lines, promotions, costs, lost = ""]) => ({ is, lines, promotions, costs, lost })))(
  "$is",
  ({ lines, promotions, costs, lost }) => {
    const parcels = costs.includes("|") ? PARCELS : undefined;
    const view = quote(basketOf(lines, parcels), promotions);
    const minors = (all: ReadonlyArray<{ total: { minor: number } }>) =>
      all.map(({ total }) => total.minor).join(", ");
    const later = costs.includes("+") ? ` + ${view.lines.map((line) => line.cashback.minor).join(", ")}` : "";
    const now = [minors(view.lines), ...(parcels ? [minors(view.parcels)] : [])].join(" | ");
    expect(`${now}${later}`).toBe(costs);
    const told = view.lost.map(({ promotionId, reason, by }) =>
      [nameOf(promotionId), reason, ...(by === undefined ? [] : [nameOf(by)])].join(" "),
    );
    expect(told.toSorted().join(", ")).toBe(lost);
  },
);
