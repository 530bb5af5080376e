/** What a promotion may be, and what may happen to a hold. */
import type { Promotion, Terms } from "@shopnexus/contracts/promotion/promotion";
import type { Out } from "@shopnexus/contracts/kit/contract";
import { money } from "@shopnexus/contracts/kit/money";
import { epochMs, instant } from "@shopnexus/contracts/kit/time";
import type { z } from "zod";
import type { promotion } from "#db/promotion/tables.ts";

export type TermsGiven = z.infer<typeof Terms>;
export type PromotionRow = typeof promotion.$inferSelect;
export type PromotionView = Out<typeof Promotion, "read">;

/** In the middle, so that a later promotion can go before as well as after. */
const PRIORITY = 100;

/** Terms that contradict themselves: an end before the start, or a discount in another currency than its budget. */
export const areCrossed = ({ discount, budget, startsAt, endsAt }: TermsGiven): boolean =>
  epochMs(endsAt) <= epochMs(startsAt) ||
  (discount.kind === "fixed" && discount.amount.currency !== budget.currency);

/** The columns of `promotion` that its terms decide. */
export const columnsOf = (terms: TermsGiven) => ({
  name: terms.name,
  code: terms.code ?? null,
  discountKind: terms.discount.kind,
  discountBasisPoints: terms.discount.kind === "percent" ? terms.discount.basisPoints : null,
  discountMinor: terms.discount.kind === "fixed" ? terms.discount.amount.minor : null,
  currency: terms.budget.currency,
  priority: terms.priority ?? PRIORITY,
  budgetMinor: terms.budget.minor,
  startsAt: new Date(terms.startsAt),
  endsAt: new Date(terms.endsAt),
});

type DiscountColumns = Pick<
  PromotionRow,
  "discountKind" | "discountBasisPoints" | "discountMinor" | "currency"
>;

export const discountOf = (row: DiscountColumns): PromotionView["discount"] =>
  row.discountKind === "percent"
    ? { kind: "percent", basisPoints: row.discountBasisPoints ?? 0 }
    : { kind: "fixed", amount: money(row.discountMinor ?? 0, row.currency) };

export const viewOf = (row: PromotionRow): PromotionView => ({
  promotionId: row.promotionId,
  sellerId: row.sellerId,
  name: row.name,
  ...(row.code === null ? {} : { code: row.code }),
  discount: discountOf(row),
  budget: money(row.budgetMinor, row.currency),
  startsAt: instant(row.startsAt.getTime()),
  endsAt: instant(row.endsAt.getTime()),
  priority: row.priority,
  held: money(row.heldMinor, row.currency),
  redeemed: money(row.redeemedMinor, row.currency),
});

/** `restored` is held by a redeem that was taken back: a redeem that arrives after its restore finds it and refuses. */
export type HoldState = "held" | "redeemed" | "restored" | "freed";
export type HoldEvent = "hold" | "free" | "redeem" | "restore";

/** From, event, to. The same state: a repeat, nothing to do. `gone`: refused, the undo was first. */
export const NEXT: Readonly<Record<HoldState | "absent", Readonly<Record<HoldEvent, HoldState | "gone">>>> = {
  absent: { hold: "held", free: "freed", redeem: "gone", restore: "freed" },
  held: { hold: "held", free: "freed", redeem: "redeemed", restore: "freed" },
  redeemed: { hold: "redeemed", free: "redeemed", redeem: "redeemed", restore: "restored" },
  restored: { hold: "restored", free: "freed", redeem: "gone", restore: "restored" },
  freed: { hold: "gone", free: "freed", redeem: "gone", restore: "freed" },
};

/** How often a share counts in each part of its budget, by the state of its hold. */
const WEIGHS: Readonly<Record<HoldState, { readonly held: number; readonly redeemed: number }>> = {
  held: { held: 1, redeemed: 0 },
  redeemed: { held: 0, redeemed: 1 },
  restored: { held: 1, redeemed: 0 },
  freed: { held: 0, redeemed: 0 },
};

/** By how many times a share's amount its budget's two parts change. */
export const shiftOf = (from: HoldState, to: HoldState) => ({
  held: WEIGHS[to].held - WEIGHS[from].held,
  redeemed: WEIGHS[to].redeemed - WEIGHS[from].redeemed,
});
