/** Promotions of many kinds in a database, and a basket that some of them touch. */
import type { In } from "@shopnexus/contracts/kit/contract";
import { freshId } from "@shopnexus/contracts/kit/id";
import { DAY_MS, epochMs, instant } from "@shopnexus/contracts/kit/time";
import type { Quote } from "@shopnexus/contracts/promotion/quote";
import { sql } from "drizzle-orm";
import type { Db } from "#db/_kit/database.ts";
import { promotion, promotionTarget } from "#db/promotion/tables.ts";

export const LINE_COUNT = 20;
/** How many promotions run, and how many of them are aimed at the basket. */
export type Field = { readonly running: number; readonly matching: number };
type Basket = In<typeof Quote, "price">;
type Row = typeof promotion.$inferInsert;
type Mixed = Pick<Row, "discountKind"> & Partial<Row>;

const ALWAYS = { cron: "*/30 * * * *", timeZone: "Asia/Ho_Chi_Minh", minutes: 60 };
/** One after another, whatever they are aimed at: percentages and amounts, tiers, free pieces, levels, groups, schedules. */
const MIX: readonly Mixed[] = [
  { discountKind: "percent", discountBasisPoints: 100 },
  { discountKind: "fixed", discountMinor: 25, level: "seller" },
  { discountKind: "percent", discountBasisPoints: 250, level: "line", capMinor: 200, schedule: ALWAYS },
  {
    discountKind: "tiered",
    discountShape: { tiers: [{ fromPieces: 2, basisPoints: 100 }] },
    minimumMinor: 1_000,
  },
  { discountKind: "buy_get", discountShape: { buy: 1, get: 1, basisPoints: 500 }, level: "line" },
  { discountKind: "percent", discountBasisPoints: 300, groupName: "autumn" },
  { discountKind: "percent", discountBasisPoints: 100, minimumMinor: 100_000_000 },
];

export const freshBasket = (nowMs: number): Basket => ({
  currency: "USD",
  at: instant(nowMs),
  codes: [],
  lines: Array.from({ length: LINE_COUNT }, () => ({
    skuId: freshId("sku"),
    sellerId: freshId("acc"),
    listingId: freshId("lst"),
    category: "things",
    unitPrice: { minor: 10_000, currency: "USD" },
    pieces: 2,
  })),
});

/** As many as match are aimed at its lines in turn, every fourth of them at all of them; the others at what is not in it. */
const aimAt = ({ lines }: Basket, { matching }: Field, at: number): string => {
  if (at >= matching) return `sku:${freshId("sku")}`;
  return at % 4 === 3 ? "all" : `sku:${lines[at % LINE_COUNT]?.skuId ?? ""}`;
};

const ROWS_AT_ONCE = 1_000;

export const fill = async (db: Db, basket: Basket, field: Field): Promise<void> => {
  const nowMs = epochMs(basket.at);
  await db.execute(sql`truncate promotion.promotion cascade`);
  for (let from = 0; from < field.running; from += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, field.running - from);
    const rows = Array.from({ length: count }, (_, nth) => rowOf(from + nth, nowMs));
    await db.insert(promotion).values(rows);
    await db.insert(promotionTarget).values(
      rows.map(({ promotionId, endsAt }, nth) => ({
        promotionId,
        endsAt,
        isAutomatic: true,
        key: aimAt(basket, field, from + nth),
      })),
    );
  }
  await db.execute(sql`analyze promotion.promotion, promotion.promotion_target`);
};

const rowOf = (at: number, nowMs: number): Row & { endsAt: Date } => ({
  ...(MIX[at % MIX.length] ?? { discountKind: "percent", discountBasisPoints: 100 }),
  promotionId: freshId("prm"),
  createdBy: "bench",
  name: `Bench ${at}`,
  paidBy: "platform",
  currency: "USD",
  priority: 100,
  budgetMinor: 1_000_000,
  startsAt: new Date(nowMs - DAY_MS),
  endsAt: new Date(nowMs + DAY_MS),
});
