import { expect, it } from "vitest";
import { type ProfileRow, toMe } from "./rules.ts";

const row = (role: ProfileRow["role"]): ProfileRow => ({
  accountId: "acc_1",
  email: "ada@example.com",
  displayName: "Ada",
  shopName: null,
  createdAt: new Date(0),
  role,
});

it("toMe: one profile from a row a role, roles in the order of the contract page", () => {
  expect(toMe([row("operator"), row("account")])).toEqual({
    accountId: "acc_1",
    email: "ada@example.com",
    displayName: "Ada",
    shopName: null,
    roles: ["account", "operator"],
    createdAt: "1970-01-01T00:00:00.000Z",
  });
});

it("toMe: an account without roles has none, and no rows are no profile", () => {
  expect(toMe([row(null)])?.roles).toEqual([]);
  expect(toMe([])).toBeUndefined();
});
