import { expect, test } from "vitest";
import { measurePrices, timed } from "#tools/bench/prices.ts";
import { emptyDatabase } from "#tools/testkit/database.ts";
import { basketOf, percent, running, skuOf } from "../_kit/proof/table.ts";
import { quote } from "./rules.ts";

/** The number that counts is the bench's own; here others work on the same machine. */
const PATIENCE = 10;

test("the engine prices a basket of 20 lines that 1,000 promotions touch in milliseconds", async () => {
  const basket = basketOf(Array.from({ length: 20 }, () => "A 1000x2").join(", "));
  const promotions = Array.from({ length: 1_000 }, (_, at) =>
    running(at, percent(100), { targets: [`sku:${skuOf(1 + (at % 20))}`] }),
  );
  const cost = await timed(async () => quote(basket, promotions));
  expect(cost.applied).toBe(20);
  expect(cost.p99Ms).toBeLessThan(5 * PATIENCE);
});

test("Quote/price: with 1,000 promotions running a basket of 20 lines is priced in milliseconds, with 10,000 too", async () => {
  const costs = await measurePrices(await emptyDatabase());
  const [thousand, tenThousand] = costs;
  expect(thousand?.applied).toBe(20);
  expect(thousand?.p99Ms).toBeLessThan(5 * PATIENCE);
  // Ten times as many running, as many aimed at the basket: not even four times the cost.
  expect(tenThousand?.p50Ms).toBeLessThan(4 * (thousand?.p50Ms ?? 0));
}, 120_000);
