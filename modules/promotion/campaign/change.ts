import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Campaign } from "@shopnexus/contracts/promotion/campaign";
import { PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import { and, eq, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { promotion, promotionTarget } from "#db/promotion/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { type AccountPrincipal, accountOf } from "#modules/_kit/principal.ts";
import { type PromotionRow, viewOf } from "../_kit/reading.ts";
import { findOwned, findTargets, ownedBy } from "../_kit/standing.ts";
import { changedColumnsOf, standsAs, whyUnchanged } from "./rules.ts";

type Change = {
  readonly input: In<typeof Campaign, "change">;
  readonly account: AccountPrincipal;
  readonly now: Date;
};

export const change: Step<typeof Campaign, "change"> = (input, { db, who }) =>
  inTransaction(db, async (tx) => {
    const asked = { input, account: accountOf(who), now: new Date() };
    const row = (await updateTerms(tx, asked)) ?? (await asItStands(tx, asked));
    return viewOf(row, await findTargets(tx, row.promotionId));
  });

/** The promotion as changed; undefined where this statement found that it may not be, or is so already. Leans on promotion_pkey. */
const updateTerms = async (tx: Tx, { input, account, now }: Change): Promise<PromotionRow | undefined> => {
  const columns = changedColumnsOf(input);
  const [row] = await tx
    .update(promotion)
    .set({ ...columns, version: sql`${promotion.version} + 1` })
    .where(
      and(
        eq(promotion.promotionId, input.promotionId),
        ownedBy(account),
        eq(promotion.version, input.version),
        isNull(promotion.stoppedAt),
        differsFrom(columns),
        ...limitsOf(input, now),
      ),
    )
    .returning();
  if (row !== undefined && columns.endsAt !== undefined) await moveEnds(tx, row);
  return row;
};

const differsFrom = ({ name, endsAt, budgetMinor, usesMax, priority }: ReturnType<typeof changedColumnsOf>) =>
  or(
    sql`false`,
    name === undefined ? undefined : ne(promotion.name, name),
    endsAt === undefined ? undefined : ne(promotion.endsAt, endsAt),
    budgetMinor === undefined ? undefined : ne(promotion.budgetMinor, budgetMinor),
    usesMax === undefined ? undefined : sql`${promotion.usesMax} is distinct from ${usesMax}::int`,
    priority === undefined ? undefined : ne(promotion.priority, priority),
  );

/** What the row itself sets: neither less than it has promised already, nor an end that has passed. */
const limitsOf = ({ endsAt, budget, uses }: Change["input"], now: Date): SQL[] => [
  ...(endsAt === undefined
    ? []
    : [sql`${endsAt}::timestamptz > greatest(${promotion.startsAt}, ${now.toISOString()}::timestamptz)`]),
  ...(budget === undefined
    ? []
    : [
        sql`${promotion.currency} = ${budget.currency}
          and ${promotion.heldMinor} + ${promotion.redeemedMinor} <= ${budget.minor}::bigint`,
      ]),
  ...(uses === undefined ? [] : [sql`${promotion.usesHeld} + ${promotion.usesRedeemed} <= ${uses}::int`]),
];

/** A basket looks for promotions by their targets, which end with them. Leans on promotion_target_is_there_twice. */
const moveEnds = async (tx: Tx, { promotionId, endsAt }: PromotionRow): Promise<void> => {
  await tx.update(promotionTarget).set({ endsAt }).where(eq(promotionTarget.promotionId, promotionId));
};

/** The promotion, where it is as asked already: a repeat. Otherwise the reason why it stays as it is. */
const asItStands = async (tx: Tx, { input, account, now }: Change): Promise<PromotionRow> => {
  const row = await findOwned(tx, input.promotionId, account);
  if (row === undefined) throw refuse(PromotionRefusals.PROMOTION_UNKNOWN, {});
  if (!standsAs(row, input)) throw whyUnchanged(row, input, now);
  return row;
};
