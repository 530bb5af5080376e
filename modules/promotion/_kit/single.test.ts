/** One promotion at a time, worked out by hand: what lines cost, what parcels cost after the bar, and who lost why. */
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

type Case = readonly [is: string, lines: string, promotion: Running, costs: string, lost?: string];
const one = (discount: Running["discount"], rest: Partial<Running> = {}) => running(1, discount, rest);
const PARCELS = "A 300, B 500";
const shipping = (rest: Partial<Running> = {}): Partial<Running> => ({ gives: "shipping", ...rest });

// biome-ignore format: a table is read across
const CASES: readonly Case[] = [
  ["a tenth of all lines", "A 1000x1, A 2000x2", one(percent(1_000)), "900, 3600"],
  ["a tenth of 25 in all is 3, shared 15 to 10", "A 15x1, A 10x1", one(percent(1_000)), "13, 9"],
  ["a tenth of each line rounds each half up", "A 15x1, A 25x1", one(percent(1_000), { level: "line" }), "13, 22"],
  ["a tenth by seller: 2.5 of A is 3", "A 15x1, A 10x1, B 14x1", one(percent(1_000), { level: "seller" }), "13, 9, 13"],
  ["all of it is a price of zero", "A 999x1", one(percent(10_000)), "0"],
  ["100 over three equal lines, leftover to the least SKU", "A 300x1, A 300x1, A 300x1", one(fixed(100)), "266, 267, 267"],
  ["an amount by what lines cost", "A 100x1, A 300x1", one(fixed(100)), "75, 225"],
  ["an amount off each line", "A 100x1, A 300x1", one(fixed(50), { level: "line" }), "50, 250"],
  ["an amount off each seller", "A 100x1, A 300x1, B 80x1", one(fixed(100), { level: "seller" }), "75, 225, 0"],
  ["more than all costs is a price of zero", "A 100x1, B 50x1", one(fixed(500)), "0, 0"],
  ["an amount of nothing", "A 100x1", one(fixed(0)), "100", "nothing_left"],
  ["a line that costs nothing bears nothing", "A 0x5, A 100x1", one(fixed(60)), "0, 40"],
  ["below the first tier", "A 100x2", one(tiered({ 3: 1_000 })), "200", "unmet"],
  ["at the first tier", "A 100x3", one(tiered({ 3: 1_000, 5: 2_000 })), "270"],
  ["at the highest tier, however they are listed", "A 100x6", one(tiered({ 5: 2_000, 3: 1_000 })), "480"],
  ["tiers count the pieces of all lines", "A 100x2, B 200x1", one(tiered({ 3: 1_000 })), "180, 180"],
  ["tiers by line", "A 100x3, A 200x2", one(tiered({ 3: 1_000 }), { level: "line" }), "270, 400"],
  ["tiers by seller", "A 100x2, A 100x1, B 100x2", one(tiered({ 3: 1_000 }), { level: "seller" }), "180, 90, 200"],
  ["buy two, get one", "A 100x3", one(buyGet(2, 1)), "200"],
  ["of seven pieces two are free", "A 100x7", one(buyGet(2, 1)), "500"],
  ["the cheapest is free", "A 300x1, A 100x1, B 200x1", one(buyGet(2, 1)), "300, 0, 200"],
  ["of one price, the lesser SKU is free", "A 100x1, A 100x1", one(buyGet(1, 1)), "0, 100"],
  ["too few pieces", "A 100x2", one(buyGet(2, 1)), "200", "unmet"],
  ["the second at half price", "A 99x2", one(buyGet(1, 1, 5_000)), "148"],
  ["by line, lines do not help each other", "A 100x1, A 100x2", one(buyGet(1, 1), { level: "line" }), "100, 100"],
  ["by seller, sellers do not help each other", "A 100x1, B 100x1", one(buyGet(1, 1), { level: "seller" }), "100, 100", "unmet"],
  ["a set for 250 instead of 300, shared 1 to 2", "A 100x1, A 200x1", one(bundle({ 1: 1, 2: 1 }, 250)), "83, 167"],
  ["two sets of five pieces, the fifth at its price", "A 100x5, A 50x2", one(bundle({ 1: 2, 2: 1 }, 200)), "420, 80"],
  ["half a set", "A 100x1, A 50x1", one(bundle({ 1: 2, 2: 1 }, 200)), "100, 50", "unmet"],
  ["a set that costs more than its pieces", "A 100x1, A 50x1", one(bundle({ 1: 1, 2: 1 }, 200)), "100, 50", "nothing_left"],
  ["half of all parcels", "A 100x1, B 100x1", one(percent(5_000), shipping()), "100, 100 | 150, 250"],
  ["parcels for nothing", "A 100x1, B 100x1", one(percent(10_000), shipping()), "100, 100 | 0, 0"],
  ["an amount off all parcels", "A 100x1, B 100x1", one(fixed(400), shipping()), "100, 100 | 150, 250"],
  ["an amount off each seller's parcel", "A 100x1, B 100x1", one(fixed(400), shipping({ level: "seller" })), "100, 100 | 0, 100"],
  ["a parcel is one line to a level", "A 9x1, A 9x1, B 9x1", one(fixed(100), shipping({ level: "line" })), "9, 9, 9 | 200, 400"],
  ["at its minimum", "A 100x2", one(percent(1_000), { minimumMinor: 200 }), "180"],
  ["below its minimum", "A 100x2", one(percent(1_000), { minimumMinor: 201 }), "200", "below_minimum"],
  ["a minimum by line", "A 100x2, A 300x1", one(percent(1_000), { minimumMinor: 300, level: "line" }), "200, 270"],
  ["a minimum by seller", "A 100x2, A 100x1, B 299x1", one(percent(1_000), { minimumMinor: 300, level: "seller" }), "180, 90, 299"],
  ["a minimum of goods for a parcel", "A 200x1, B 100x1", one(percent(10_000), shipping({ minimumMinor: 200, level: "seller" })), "200, 100 | 0, 500"],
  ["a cap on all", "A 100x1, A 300x1", one(percent(5_000), { capMinor: 100 }), "75, 225"],
  ["a cap by line", "A 100x1, A 300x1", one(percent(5_000), { capMinor: 100, level: "line" }), "50, 200"],
  ["a cap by seller", "A 100x1, A 300x1, B 100x1", one(percent(5_000), { capMinor: 100, level: "seller" }), "75, 225, 50"],
  ["a cap on parcels", "A 100x1, B 100x1", one(percent(10_000), shipping({ capMinor: 80 })), "100, 100 | 270, 450"],
  ["aimed at a SKU", "A 100x1, A 100x1", one(percent(1_000), { targets: [`sku:${skuOf(2)}`] }), "100, 90"],
  ["aimed at a listing", "A 100x1, A 100x1", one(percent(1_000), { targets: [`listing:${idOf("lst", 1)}`] }), "90, 100"],
  ["aimed at a category", "A 100x1 shoes, A 100x1", one(percent(1_000), { targets: ["category:shoes"] }), "90, 100"],
  ["aimed at a seller", "A 100x1, B 100x1", one(percent(1_000), { targets: [`seller:${sellerOf("B")}`] }), "100, 90"],
  ["aimed twice at a line counts once", "A 100x1 shoes", one(fixed(10), { targets: ["category:shoes", `sku:${skuOf(1)}`] }), "90"],
  ["a seller's, aimed at a category, touches the seller's own", "A 100x1 shoes, B 100x1 shoes", one(percent(1_000), { sellerId: sellerOf("B"), targets: ["category:shoes"] }), "100, 90"],
  ["a minimum counts only what it is aimed at", "A 100x1 shoes, A 900x1", one(fixed(50), { minimumMinor: 101, targets: ["category:shoes"] }), "100, 900", "below_minimum"],
  ["what is left of a budget", "A 100x1, A 300x1", one(percent(5_000), { left: euro(100) }), "75, 225"],
  ["a budget that is spent", "A 100x1", one(percent(5_000), { left: euro(0) }), "100", "spent"],
  ["uses that are spent", "A 100x1", one(percent(5_000), { isUsedUp: true }), "100", "spent"],
];

test.each(CASES.map(([is, lines, promotion, costs, lost = ""]) => ({ is, lines, promotion, costs, lost })))(
  "$is",
  ({ lines, promotion, costs, lost }) => {
    const parcels = costs.includes("|") ? PARCELS : undefined;
    const view = quote(basketOf(lines, parcels), [promotion]);
    const minors = (all: ReadonlyArray<{ total: { minor: number } }>) =>
      all.map(({ total }) => total.minor).join(", ");
    expect([minors(view.lines), ...(parcels ? [minors(view.parcels)] : [])].join(" | ")).toBe(costs);
    expect(view.lost.map(({ reason }) => reason).join(", ")).toBe(lost);
  },
);
