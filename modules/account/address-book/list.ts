import type { AddressBook } from "@shopnexus/contracts/account/address-book";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { selectAddresses } from "./rows.ts";
import { toAddress } from "./rules.ts";

export const list: Step<typeof AddressBook, "list"> = async (_input, { who, db }) => {
  const addresses = await selectAddresses(db, accountOf(who).accountId);
  return { addresses: addresses.map(toAddress) };
};
