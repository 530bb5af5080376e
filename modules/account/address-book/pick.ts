import { type AddressBook, AddressBookRefusals } from "@shopnexus/contracts/account/address-book";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { findAddress } from "./rows.ts";
import { toAddress } from "./rules.ts";

export const pick: Step<typeof AddressBook, "pick"> = async ({ accountId, addressId }, { db }) => {
  const found = await findAddress(db, accountId, addressId);
  if (found === undefined) throw refuse(AddressBookRefusals.ADDRESS_UNKNOWN, {});
  return toAddress(found);
};
