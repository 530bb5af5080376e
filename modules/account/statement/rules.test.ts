import { expect, it } from "vitest";
import { fundsOf, partsOf, positionOf } from "./rules.ts";

it("fundsOf: one amount a currency, zero for the part that has no row", () => {
  const [available, held] = partsOf("acc_1");
  const rows = [
    { account: held, currency: "USD", minor: 3 },
    { account: available, currency: "USD", minor: -7 },
    { account: available, currency: "VND", minor: 9 },
  ];
  expect(fundsOf(rows)).toEqual([
    { available: { minor: -7, currency: "USD" }, held: { minor: 3, currency: "USD" } },
    { available: { minor: 9, currency: "VND" }, held: { minor: 0, currency: "VND" } },
  ]);
});

it("positionOf: a count from one on, and nothing else", () => {
  expect(positionOf("1")).toBe(1);
  expect(positionOf("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
  for (const after of ["0", "01", "-1", "1e3", " 1", "9007199254740993"])
    expect(positionOf(after)).toBeUndefined();
});
