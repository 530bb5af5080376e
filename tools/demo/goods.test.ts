import { expect, it } from "vitest";
import { threeOfTwo } from "./goods.ts";

const goods = (...of: string[]) =>
  of.map((sellerId, at) => ({
    skuId: `sku${at}`,
    sellerId,
    title: "",
    price: { minor: 1, currency: "USD" },
    pieces: 1,
  }));

it("threeOfTwo: two of one seller and one of another, with two pieces of the first", () => {
  const chosen = threeOfTwo(goods("x", "y", "y", "z"));
  expect(chosen?.map(({ skuId, pieces }) => [skuId, pieces])).toEqual([
    ["sku1", 2],
    ["sku2", 1],
    ["sku0", 1],
  ]);
});

it("threeOfTwo: too few goods, or all of one seller, make no purchase", () => {
  for (const of of [[], ["x"], ["x", "x", "x"], ["x", "y", "z"]])
    expect(threeOfTwo(goods(...of))).toBeUndefined();
});
