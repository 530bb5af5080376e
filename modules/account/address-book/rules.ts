/** Decisions about addresses. */
import type { Address } from "@shopnexus/contracts/account/address-book";
import type { address } from "#db/account/tables.ts";

export type AddressRow = typeof address.$inferSelect;

/** An address as the wire has it: what it lacks is absent, not null. */
export const toAddress = (row: AddressRow): Address => {
  const { accountId: _accountId, createdAt: _createdAt, line2, region, ...rest } = row;
  return { ...rest, ...(line2 === null ? {} : { line2 }), ...(region === null ? {} : { region }) };
};
