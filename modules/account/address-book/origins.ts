import type { AddressBook } from "@shopnexus/contracts/account/address-book";
import type { Step } from "#modules/_kit/handler.ts";
import { selectNewest } from "./rows.ts";
import { toAddress } from "./rules.ts";

export const origins: Step<typeof AddressBook, "origins"> = async ({ accountIds }, { db }) => {
  const rows = await selectNewest(db, accountIds);
  const newest = new Map(rows.map((row) => [row.accountId, toAddress(row)]));
  return {
    origins: accountIds.map((accountId) => ({ accountId, address: newest.get(accountId) ?? null })),
  };
};
