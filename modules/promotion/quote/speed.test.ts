import { expect, test } from "vitest";
import { priceAll } from "#tools/bench/prices/prices.ts";
import { emptyDatabase } from "#tools/testkit/database.ts";
import { basketOf, percent, running, skuOf } from "../_kit/proof/table.ts";
import { quote } from "./rules.ts";

/** What is promised of ninety-nine in a hundred, on the CPU's clock: here others work on the same machine. */
const CPU_P50_MS_MAX = 5;

test("the engine alone prices a basket of 20 lines that 1,000 promotions touch in milliseconds", () => {
  const basket = basketOf(Array.from({ length: 20 }, () => "A 1000x2").join(", "));
  const promotions = Array.from({ length: 1_000 }, (_, at) =>
    running(at, percent(100), { targets: at % 2 ? ["all"] : [`sku:${skuOf(1 + (at % 20))}`] }),
  );
  const cpuMs = Array.from({ length: 100 }, () => {
    const before = process.cpuUsage();
    expect(quote(basket, promotions).applied).toHaveLength(20);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  expect(cpuMs.toSorted((a, b) => a - b)[50]).toBeLessThan(CPU_P50_MS_MAX);
});

test("Quote/price: with 1,000 promotions running a basket of 20 lines is priced in milliseconds, with 10,000 too", async () => {
  const how = { rounds: 1, prices: 60, judgedBy: "cpu", progress: () => undefined } as const;
  const rows = await priceAll(await emptyDatabase(), how);
  const rowOf = (what: string, running: number, matching: number) =>
    rows.find((row) => row.what === what && row.running === running && row.matching === matching)!;
  const [thousand, tenThousand] = [rowOf("whole", 1_000, 20), rowOf("whole", 10_000, 20)];
  expect(thousand.applied).toBeGreaterThan(10);
  expect(rowOf("whole", 1_000, 1_000).applied).toBe(20);
  expect(rowOf("engine", 1_000, 1_000).applied).toBe(20);
  for (const row of [thousand, rowOf("engine", 1_000, 20), rowOf("engine", 1_000, 1_000)])
    expect(row.cpuP50Ms).toBeLessThan(CPU_P50_MS_MAX);
  // Ten times as many running, as many aimed at the basket: not even twice the cost.
  expect(tenThousand.cpuP50Ms).toBeLessThan(2 * thousand.cpuP50Ms);
}, 120_000);
