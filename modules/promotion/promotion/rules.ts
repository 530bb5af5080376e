/** What a promotion may be, and what may happen to a hold. */
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import { epochMs } from "@shopnexus/contracts/kit/time";
import { PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import type { Terms } from "@shopnexus/contracts/promotion/terms";
import type { DiscountShape } from "#db/promotion/tables.ts";
import { isReadable } from "../_kit/calendar/cron.ts";
import { targetsOf } from "../_kit/promotions.ts";

type Discount = Terms["discount"];

/** In the middle, so that a later promotion can go before as well as after. */
const PRIORITY = 100;

const moneyOf = ({ discount }: Terms) => {
  if (discount.kind === "fixed") return [discount.amount];
  return discount.kind === "bundle" ? [discount.price] : [];
};
const hasTwice = (names: ReadonlyArray<string | number>): boolean => new Set(names).size < names.length;

/** Refuses terms that contradict themselves, and schedules that nobody can read. */
export const beConsistent = (terms: Terms, sellerId: string | null): void => {
  const why = crossedOf(terms, sellerId);
  if (why !== undefined) throw refuse(PromotionRefusals.TERMS_CROSSED, { why });
  if (terms.schedule !== undefined && !isReadable(terms.schedule, terms.startsAt))
    throw refuse(CommonRefusals.INVALID_INPUT, { issues: [UNREADABLE] });
};
const UNREADABLE = { path: "/schedule", says: "its cron line or its time zone cannot be read" };

/** Why terms contradict themselves; undefined where they do not. */
const crossedOf = (terms: Terms, sellerId: string | null): string | undefined => {
  const { discount, budget, minimum, cap, startsAt, endsAt, gives, paidBy } = terms;
  const amounts = [...moneyOf(terms), ...(minimum ? [minimum] : []), ...(cap ? [cap] : [])];
  if (epochMs(endsAt) <= epochMs(startsAt)) return "it ends before it starts";
  if (amounts.some(({ currency }) => currency !== budget.currency))
    return "its amounts are of two currencies";
  if ((gives ?? "goods") !== "goods" && discount.kind !== "percent" && discount.kind !== "fixed")
    return "parcels and cashback take a percentage or an amount";
  if (gives === "cashback" && (sellerId !== null || paidBy === "seller"))
    return "cashback is paid by the platform";
  if (discount.kind === "tiered" && hasTwice(discount.tiers.map(({ fromPieces }) => fromPieces)))
    return "two tiers begin at the same count of pieces";
  if (discount.kind === "bundle") {
    if (terms.targets !== undefined) return "the items of a bundle are its targets";
    if (terms.level === "line") return "a bundle is more than a line";
    if (hasTwice(discount.items.map(({ skuId }) => skuId))) return "a bundle names an item twice";
  }
  if (terms.code !== undefined && terms.byCoupon === true) return "it has a code, and coupons bring it";
  return sellerId !== null && paidBy === "platform"
    ? "a seller's promotion is paid by the seller"
    : undefined;
};

const shapeOf = (discount: Discount): DiscountShape | null => {
  switch (discount.kind) {
    case "tiered":
      return { tiers: discount.tiers };
    case "buy_get":
      return { buy: discount.buy, get: discount.get, basisPoints: discount.basisPoints };
    case "bundle":
      return { items: discount.items };
    default:
      return null;
  }
};

/** The columns of `promotion` that its terms and its owner decide. */
export const columnsOf = (terms: Terms, sellerId: string | null) => ({
  sellerId,
  name: terms.name,
  code: terms.code ?? null,
  isByCoupon: terms.byCoupon ?? false,
  discountKind: terms.discount.kind,
  discountBasisPoints: terms.discount.kind === "percent" ? terms.discount.basisPoints : null,
  discountMinor: moneyOf(terms)[0]?.minor ?? null,
  discountShape: shapeOf(terms.discount),
  gives: terms.gives ?? ("goods" as const),
  level: terms.level ?? ("order" as const),
  paidBy: terms.paidBy ?? (sellerId === null ? ("platform" as const) : ("seller" as const)),
  minimumMinor: terms.minimum?.minor ?? null,
  capMinor: terms.cap?.minor ?? null,
  groupName: terms.group ?? null,
  isExclusive: terms.exclusive ?? false,
  schedule: terms.schedule ?? null,
  currency: terms.budget.currency,
  priority: terms.priority ?? PRIORITY,
  budgetMinor: terms.budget.minor,
  usesMax: terms.uses ?? null,
  accountUsesMax: terms.accountUses ?? null,
  startsAt: new Date(terms.startsAt),
  endsAt: new Date(terms.endsAt),
});

/** The rows of `promotion_target`. */
export const targetRowsOf = (terms: Terms, promotionId: string, sellerId: string | null) =>
  targetsOf(terms, sellerId).map((key) => ({
    promotionId,
    key,
    isAutomatic: terms.code === undefined && terms.byCoupon !== true,
    endsAt: new Date(terms.endsAt),
  }));

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

/** What becomes of the coupons of a hold. */
export const couponStateOf = (state: HoldState): "free" | "held" | "redeemed" => {
  if (state === "freed") return "free";
  return state === "redeemed" ? "redeemed" : "held";
};
