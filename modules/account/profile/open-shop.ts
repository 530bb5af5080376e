import { and, eq, sql } from "drizzle-orm";
import { type Profile, ProfileRefusals } from "@shopnexus/contracts/account/profile";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { account } from "#db/account/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { insertRole, selectMe } from "./rows.ts";

export const openShop: Step<typeof Profile, "openShop"> = ({ shopName }, { who, db }) => {
  const { accountId } = accountOf(who);
  return inTransaction(db, async (tx) => {
    if (!(await nameShop(tx, accountId, shopName))) throw refuse(ProfileRefusals.SHOP_NAME_TAKEN, {});
    await insertRole(tx, { accountId, role: "seller", grantedBy: accountId });
    return selectMe(tx, accountId);
  });
};

/**
 * False when another shop has the name. `account_shop_name_taken` is what keeps names apart; the advisory lock only
 * lets the second of two at once see the first, and so be refused instead of failing.
 */
const nameShop = async (tx: Tx, accountId: string, shopName: string): Promise<boolean> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('shop:' || lower(${shopName}), 0))`);
  const named = await tx
    .update(account)
    .set({ shopName })
    .where(and(eq(account.accountId, accountId), isFree(accountId, shopName)))
    .returning({ accountId: account.accountId });
  return named.length === 1;
};

const isFree = (accountId: string, shopName: string) => sql`not exists (
  select from ${account} as other
  where lower(other.shop_name) = lower(${shopName}) and other.account_id <> ${accountId})`;
