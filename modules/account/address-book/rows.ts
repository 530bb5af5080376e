/** SQL of address books. */
import { and, desc, eq, inArray, lt, sql } from "drizzle-orm";
import { ADDRESS_COUNT_MAX } from "@shopnexus/contracts/account/address-book";
import type { Db, Tx } from "#db/_kit/database.ts";
import { address, addressBook } from "#db/account/tables.ts";
import type { AddressRow } from "./rules.ts";

/** Gives nothing when an earlier attempt of the same call left the address. */
export const insertAddress = async (
  tx: Tx,
  row: typeof address.$inferInsert,
): Promise<AddressRow | undefined> => {
  const [inserted] = await tx.insert(address).values(row).onConflictDoNothing().returning();
  return inserted;
};

/** Counts one more; false when the book is full. The row is held until the commit, so nobody else counts the same. */
export const countOneMore = async (tx: Tx, accountId: string): Promise<boolean> => {
  const counted = await tx
    .insert(addressBook)
    .values({ accountId, addressCount: 1 })
    .onConflictDoUpdate({
      target: addressBook.accountId,
      set: { addressCount: sql`${addressBook.addressCount} + 1` },
      setWhere: lt(addressBook.addressCount, ADDRESS_COUNT_MAX),
    })
    .returning({ accountId: addressBook.accountId });
  return counted.length === 1;
};

/** Newest first, by `address_of_account`. */
export const selectAddresses = async (db: Db, accountId: string): Promise<AddressRow[]> =>
  db
    .select()
    .from(address)
    .where(eq(address.accountId, accountId))
    .orderBy(desc(address.createdAt), desc(address.addressId))
    .limit(ADDRESS_COUNT_MAX);

/** By the primary key; somebody else's address is not found. */
export const findAddress = async (
  db: Db | Tx,
  accountId: string,
  addressId: string,
): Promise<AddressRow | undefined> => {
  const [found] = await db
    .select()
    .from(address)
    .where(and(eq(address.addressId, addressId), eq(address.accountId, accountId)));
  return found;
};

/** The newest of each account, by `address_of_account`: an address book is short. */
export const selectNewest = async (db: Db, accountIds: readonly string[]): Promise<AddressRow[]> =>
  db
    .selectDistinctOn([address.accountId])
    .from(address)
    .where(inArray(address.accountId, [...accountIds]))
    .orderBy(address.accountId, desc(address.createdAt), desc(address.addressId));
