import type { SkuSnapshot } from "@shopnexus/contracts/catalog/listing";
import { freshId } from "@shopnexus/contracts/kit/id";
import { describe, expect, it } from "vitest";
import { inOrderAsked, listingIn, refuseCodesTwice, refuseSkusTwice, viewOf } from "./rules.ts";

const refused = (code: string, data: object = {}) =>
  expect.objectContaining({ code, data: expect.objectContaining(data) });
const snapshot = (skuId: string) => ({ skuId }) as SkuSnapshot;

describe("refuseCodesTwice", () => {
  it("refuses a code that two SKUs have: SKU_CODE_TWICE", () => {
    expect(() => refuseCodesTwice([{ code: "red" }, { code: "blue" }, { code: "red" }])).toThrow(
      refused("SKU_CODE_TWICE"),
    );
  });

  it("takes codes that differ in case for two", () => {
    expect(() => refuseCodesTwice([{ code: "red" }, { code: "Red" }])).not.toThrow();
  });
});

describe("inOrderAsked", () => {
  it("gives the snapshots in the order asked, whatever the order found", () => {
    expect(inOrderAsked(["b", "a"], [snapshot("a"), snapshot("b")])).toEqual([snapshot("b"), snapshot("a")]);
  });

  it("names every SKU that was not found: SKU_UNAVAILABLE", () => {
    expect(() => inOrderAsked(["a", "b", "c"], [snapshot("b")])).toThrow(
      refused("SKU_UNAVAILABLE", { skuIds: ["a", "c"] }),
    );
  });
});

describe("refuseSkusTwice", () => {
  it("refuses the same SKU twice: INVALID_INPUT", () => {
    expect(() => refuseSkusTwice(["a", "b", "a"])).toThrow(refused("INVALID_INPUT"));
    expect(() => refuseSkusTwice(["a", "b"])).not.toThrow();
  });
});

describe("listingIn", () => {
  it("reads back what a page gave", () => {
    const cursor = freshId("lst");
    expect([listingIn(cursor), listingIn(undefined)]).toEqual([cursor, undefined]);
  });

  it("refuses a cursor of another make: INVALID_INPUT", () => {
    expect(() => listingIn("17")).toThrow(refused("INVALID_INPUT"));
  });
});

describe("viewOf", () => {
  const listing = {
    listingId: "lst_1",
    sellerId: "acc_1",
    state: "draft" as const,
    title: "Watch",
    description: "",
    categorySlug: "watches",
    brand: null,
  };

  it("leaves a brand out that is not there", () => {
    expect(viewOf(listing, [])).not.toHaveProperty("brand");
    expect(viewOf({ ...listing, brand: "Rolex" }, []).brand).toBe("Rolex");
  });
});
