/** SQL that the verbs of Commission share. All of it leans on the primary key, from its end. */
import { and, asc, desc, eq, gt, inArray, isNotNull, like } from "drizzle-orm";
import type { Db, Tx } from "#db/_kit/database.ts";
import { commissionRule } from "#db/order/payouts.ts";
import type { RuleRow } from "./rules.ts";

/** The newest row of one scope. */
export const newestOf = async (tx: Tx | Db, scope: string): Promise<RuleRow | undefined> => {
  const [row] = await tx
    .select()
    .from(commissionRule)
    .where(eq(commissionRule.scope, scope))
    .orderBy(desc(commissionRule.version))
    .limit(1);
  return row;
};

/** The newest rows of some scopes, in one statement. */
export const newestAmong = (db: Db, scopes: readonly string[]): Promise<RuleRow[]> =>
  db
    .selectDistinctOn([commissionRule.scope])
    .from(commissionRule)
    .where(inArray(commissionRule.scope, [...scopes]))
    .orderBy(asc(commissionRule.scope), desc(commissionRule.version));

type Some = { readonly after?: string; readonly prefix?: string; readonly limit?: number };

/** Rules that hold now, by scope: those of scopes that have one of their own. */
export const selectHolding = (db: Db, { after, prefix, limit }: Some): Promise<RuleRow[]> => {
  const { scope, version } = commissionRule;
  const among = and(
    after === undefined ? undefined : gt(scope, after),
    prefix === undefined ? undefined : like(scope, `${prefix}%`),
  );
  const newest = db
    .selectDistinctOn([scope])
    .from(commissionRule)
    .where(among)
    .orderBy(asc(scope), desc(version))
    .as("newest");
  const holding = db.select().from(newest).where(isNotNull(newest.basisPoints)).orderBy(asc(newest.scope));
  return limit === undefined ? holding : holding.limit(limit);
};

/** Writes the next version of a scope. False where another call has just done so, or this one has before. */
export const insertRule = async (
  tx: Tx,
  row: typeof commissionRule.$inferInsert,
): Promise<RuleRow | undefined> => {
  const [written] = await tx.insert(commissionRule).values(row).onConflictDoNothing().returning();
  return written;
};

export const isPutBy = async (tx: Tx, putByCall: string): Promise<boolean> => {
  const found = await tx
    .select({ scope: commissionRule.scope })
    .from(commissionRule)
    .where(eq(commissionRule.putByCall, putByCall));
  return found.length > 0;
};
