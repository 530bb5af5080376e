import { Letter } from "@shopnexus/contracts/common/letter";
import { freshId } from "@shopnexus/contracts/kit/id";
import { expect, it } from "vitest";
import { eventOf, letterOf } from "./rules.ts";

const dip = {
  skuId: freshId("sku"),
  sellerId: freshId("acc"),
  dip: 2,
  available: 1,
  reorderPoint: 4,
  supplierEmail: "more@supplier.example",
};

it("a dip has one letter and one event, named for it", () => {
  const letter = letterOf(dip);
  expect(Letter.parse(letter)).toEqual(letter);
  expect(letter).toMatchObject({ messageKey: `${dip.skuId}/reorder/2`, to: { email: dip.supplierEmail } });
  expect(eventOf(dip)).toMatchObject({ eventKey: `${dip.skuId}/low/2`, kind: "stock.low" });
});

it("nobody is written to where no supplier is named", () => {
  expect(letterOf({ ...dip, supplierEmail: null })).toBeUndefined();
});
