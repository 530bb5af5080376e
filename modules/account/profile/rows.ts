/** SQL of profiles and roles. */
import { and, eq, isNull } from "drizzle-orm";
import type { z } from "zod";
import type { Role } from "@shopnexus/contracts/account/login";
import type { Me } from "@shopnexus/contracts/account/profile";
import type { Db, Tx } from "#db/_kit/database.ts";
import { account, accountRole, suspension } from "#db/account/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import { type ProfileRow, toMe } from "./rules.ts";

/** By the primary key of both tables: a row for each role. */
export const findMe = async (db: Db | Tx, accountId: string): Promise<z.infer<typeof Me> | undefined> => {
  const found: ProfileRow[] = await db
    .select({
      accountId: account.accountId,
      email: account.email,
      displayName: account.displayName,
      shopName: account.shopName,
      createdAt: account.createdAt,
      role: accountRole.role,
    })
    .from(account)
    .leftJoin(accountRole, eq(accountRole.accountId, account.accountId))
    .where(eq(account.accountId, accountId));
  return toMe(found);
};

/** The profile of a caller, who has one because a token says so. */
export const selectMe = async (db: Db | Tx, accountId: string): Promise<z.infer<typeof Me>> => {
  const me = await findMe(db, accountId);
  assert(me !== undefined, "accounts are never deleted");
  return me;
};

export type NewRole = { accountId: string; role: Role; grantedBy: string };

/** A role that is held already stays as it was given. */
export const insertRole = async (tx: Tx, row: NewRole): Promise<void> => {
  await tx.insert(accountRole).values(row).onConflictDoNothing();
};

type Contact = { readonly email: string; readonly displayName: string };

/** By the primary key. */
export const findAccount = async (db: Db | Tx, accountId: string): Promise<Contact | undefined> => {
  const [found] = await db
    .select({ email: account.email, displayName: account.displayName })
    .from(account)
    .where(eq(account.accountId, accountId));
  return found;
};

/** By `suspension_current_twice`. */
export const selectStanding = async (db: Db | Tx, accountId: string): Promise<{ suspended: boolean }> => {
  const current = await db
    .select({ accountId: suspension.accountId })
    .from(suspension)
    .where(and(eq(suspension.accountId, accountId), isNull(suspension.liftedAt)));
  return { suspended: current.length === 1 };
};
