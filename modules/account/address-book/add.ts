import { type AddressBook, AddressBookRefusals } from "@shopnexus/contracts/account/address-book";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { inTransaction } from "#db/_kit/transaction.ts";
import { assert } from "#modules/_kit/assert.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { countOneMore, findAddress, insertAddress } from "./rows.ts";
import { toAddress } from "./rules.ts";

export const add: Step<typeof AddressBook, "add"> = (input, { who, db, callKey }) => {
  const { accountId } = accountOf(who);
  const addressId = deriveId("adr", callKey);
  return inTransaction(db, async (tx) => {
    const added = await insertAddress(tx, { ...input, addressId, accountId });
    if (added !== undefined && !(await countOneMore(tx, accountId))) {
      throw refuse(AddressBookRefusals.ADDRESS_BOOK_FULL, {});
    }
    const kept = added ?? (await findAddress(tx, accountId, addressId));
    assert(kept !== undefined, "the conflict was with the same call's own address");
    return toAddress(kept);
  });
};
