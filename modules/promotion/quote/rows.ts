/**
 * The promotions that a basket may meet. Reads only: what is left of them is settled when it is held. One statement reads
 * them with all that is asked about them, written as it is sent: a basket waits for one round trip, and a second one runs
 * beside it where codes were given.
 */
import { money } from "@shopnexus/contracts/kit/money";
import { type SQL, sql } from "drizzle-orm";
import type { Db } from "#db/_kit/database.ts";
import { isOn } from "../_kit/calendar/cron.ts";
import { type Basket, keysOf, type Running } from "../_kit/promotions.ts";
import { discountOf, type PromotionRow } from "../_kit/reading.ts";

/** The most automatic promotions that one basket looks at, in their order: a price must not cost without bound. */
export const AUTOMATIC_COUNT_MAX = 200;
/** How often more are read for those whose schedule is off: nobody's happy hour keeps out what is on. */
const READ_COUNT_MAX = 5;

/** Everything that this basket may meet, each promotion once. */
export const findRunning = async (db: Db, basket: Basket): Promise<Running[]> => {
  const keys = [...new Set(basket.lines.flatMap(keysOf))];
  const [named, automatic] = await Promise.all([
    findByCodes(db, basket, keys),
    findAutomatic(db, basket, keys),
  ]);
  const met = [...named.filter(isOnAt(basket)), ...automatic];
  // Two coupons of one promotion: the better of them counts, and the other changes nothing.
  return [...Map.groupBy(met, ({ promotionId }) => promotionId).values()].flatMap((same) => {
    const best = same.toSorted((a, b) => Number(a.isUsedUp) - Number(b.isUsedUp))[0];
    return best === undefined ? [] : [runningOf(best, same)];
  });
};

const isOnAt =
  ({ at }: Basket) =>
  ({ schedule }: Met): boolean =>
    schedule === null || isOn(schedule, at);

/** What the engine asks of a promotion, and how it was found. */
type Met = Pick<
  PromotionRow,
  | "promotionId"
  | "sellerId"
  | "name"
  | "discountKind"
  | "discountBasisPoints"
  | "discountMinor"
  | "discountShape"
  | "gives"
  | "level"
  | "paidBy"
  | "minimumMinor"
  | "capMinor"
  | "groupName"
  | "isExclusive"
  | "schedule"
  | "currency"
  | "priority"
> & {
  /** Of what it is aimed at, what is in this basket. */
  readonly targets: string[];
  readonly code: string | null;
  readonly isCoupon: boolean;
  readonly isUsedUp: boolean;
  readonly leftMinor: number;
};

/** Of a promotion `p` and how it was `found`. Numbers as numbers: the driver has eight bytes as text. */
const MET = sql`p.promotion_id as "promotionId", p.seller_id as "sellerId", p.name,
  p.discount_kind as "discountKind", p.discount_basis_points as "discountBasisPoints",
  p.discount_minor::float8 as "discountMinor", p.discount_shape as "discountShape", p.gives, p.level,
  p.paid_by as "paidBy", p.minimum_minor::float8 as "minimumMinor", p.cap_minor::float8 as "capMinor",
  p.group_name as "groupName", p.is_exclusive as "isExclusive", p.schedule, p.currency, p.priority,
  (p.budget_minor - p.held_minor - p.redeemed_minor)::float8 as "leftMinor",
  found.targets, found.code, found.is_coupon as "isCoupon",
  not found.is_free or coalesce(p.uses_held + p.uses_redeemed >= p.uses_max, false)
    or coalesce(a.uses_held + a.uses_redeemed >= a.uses_max, false) as "isUsedUp"`;

/**
 * Those of the codes given, their own or a coupon of this account's or of nobody's. Leans on promotion_code_is_taken,
 * coupon_pkey and the primary key of promotion_target.
 */
const findByCodes = async (db: Db, basket: Basket, keys: readonly string[]): Promise<readonly Met[]> => {
  if (basket.codes.length === 0) return [];
  const codes = listOf(basket.codes);
  const accountId = basket.accountId ?? null;
  const found = sql`
    select n.*, array(select t.key from promotion.promotion_target t
      where t.promotion_id = n.promotion_id and t.key = any (${listOf(keys)})) as targets
    from (
      select promotion_id, code, false as is_coupon, true as is_free
      from promotion.promotion where code = any (${codes})
      union all
      select promotion_id, code, true, state = 'free' from promotion.coupon
      where code = any (${codes}) and (account_id is null or account_id = ${accountId})) n`;
  return db.execute<Met>(sql`${metBy(basket, found)} order by found.code`);
};

/** Those that apply of themselves and are on, as many as a basket looks at; mostly the first reading has all of them. */
const findAutomatic = async (db: Db, basket: Basket, keys: readonly string[]): Promise<readonly Met[]> => {
  const on: Met[] = [];
  let last: Met | undefined;
  for (let count = 0; count < READ_COUNT_MAX && on.length < AUTOMATIC_COUNT_MAX; count++) {
    const rows = await readAutomatic(db, basket, { keys, after: last });
    on.push(...rows.filter(isOnAt(basket)));
    last = rows.at(-1);
    if (rows.length < AUTOMATIC_COUNT_MAX) break;
  }
  return on.slice(0, AUTOMATIC_COUNT_MAX);
};

type Reading = { readonly keys: readonly string[]; readonly after: Met | undefined };

/** The next ones that are aimed at these lines and have something left. Leans on promotion_target_automatic. */
const readAutomatic = async (db: Db, basket: Basket, { keys, after }: Reading): Promise<readonly Met[]> => {
  const sellerIds = [...new Set(basket.lines.map(({ sellerId }) => sellerId))];
  const found = sql`
    select promotion_id, null as code, false as is_coupon, true as is_free, array_agg(key) as targets
    from promotion.promotion_target
    where key = any (${listOf(keys)}) and ends_at > ${basket.at}::timestamptz and is_automatic
    group by promotion_id`;
  const isNext =
    after && sql`and (p.priority, p.promotion_id) > (${after.priority}::int, ${after.promotionId})`;
  return db.execute<Met>(sql`${metBy(basket, found)}
    and (p.seller_id is null or p.seller_id = any (${listOf(sellerIds)}))
    and p.held_minor + p.redeemed_minor < p.budget_minor ${isNext}
    order by p.priority, p.promotion_id limit ${AUTOMATIC_COUNT_MAX}::int`);
};

/**
 * Each from its start up to, and not at, its end, unless it was stopped. Leans on promotion_pkey and on the key of
 * promotion_account.
 */
const metBy = ({ at, currency, accountId }: Basket, found: SQL): SQL => sql`
  select ${MET} from (${found}) found
  join promotion.promotion p on p.promotion_id = found.promotion_id
  left join promotion.promotion_account a
    on a.promotion_id = p.promotion_id and a.account_id = ${accountId ?? null}
  where p.starts_at <= ${at}::timestamptz and p.ends_at > ${at}::timestamptz
    and p.stopped_at is null and p.currency = ${currency}`;

/** One parameter, however many there are: the statement is the same for every basket, and is planned once. */
const listOf = (words: readonly string[]): SQL => sql`${sql.param(words)}::text[]`;

const runningOf = (row: Met, same: readonly Met[]): Running => ({
  promotionId: row.promotionId,
  sellerId: row.sellerId,
  name: row.name,
  code: row.code,
  codes: same.flatMap(({ code }) => code ?? []),
  isCoupon: row.isCoupon,
  discount: discountOf(row),
  gives: row.gives,
  level: row.level,
  paidBy: row.paidBy,
  minimumMinor: row.minimumMinor ?? 0,
  capMinor: row.capMinor,
  targets: row.targets,
  group: row.groupName,
  isExclusive: row.isExclusive,
  priority: row.priority,
  left: money(row.leftMinor, row.currency),
  isUsedUp: row.isUsedUp,
});
