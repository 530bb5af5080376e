import { expect, it } from "vitest";
import { type AddressRow, toAddress } from "./rules.ts";

const row: AddressRow = {
  addressId: "adr_1",
  accountId: "acc_1",
  recipient: "Ada",
  phone: "+442079460000",
  line1: "12 St James's Square",
  line2: null,
  city: "London",
  region: null,
  postcode: "SW1Y 4JH",
  country: "GB",
  createdAt: new Date(0),
};

it("toAddress: what an address lacks is absent, and what only we know stays here", () => {
  const { accountId: _accountId, createdAt: _createdAt, line2: _line2, region: _region, ...said } = row;
  expect(toAddress(row)).toStrictEqual(said);
  expect(toAddress({ ...row, line2: "Flat 2", region: "Greater London" })).toStrictEqual({
    ...said,
    line2: "Flat 2",
    region: "Greater London",
  });
});
