/** A promotion's row as its page says it. */
import { money } from "@shopnexus/contracts/kit/money";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Discount, PromotionView, Target } from "@shopnexus/contracts/promotion/terms";
import type { promotion } from "#db/promotion/tables.ts";

export type PromotionRow = typeof promotion.$inferSelect;
type Of<K extends Discount["kind"]> = Extract<Discount, { kind: K }>;

type DiscountColumns = Pick<
  PromotionRow,
  "discountKind" | "discountBasisPoints" | "discountMinor" | "discountShape" | "currency"
>;

/** The table's CHECK and the page that wrote it agree on which shape belongs to which kind. */
export const discountOf = (row: DiscountColumns): Discount => {
  const amount = money(row.discountMinor ?? 0, row.currency);
  switch (row.discountKind) {
    case "percent":
      return { kind: "percent", basisPoints: row.discountBasisPoints ?? 0 };
    case "fixed":
      return { kind: "fixed", amount };
    case "tiered":
      return { kind: "tiered", ...(row.discountShape as Pick<Of<"tiered">, "tiers">) };
    case "buy_get":
      return { kind: "buy_get", ...(row.discountShape as Omit<Of<"buy_get">, "kind">) };
    case "bundle":
      return { kind: "bundle", ...(row.discountShape as Pick<Of<"bundle">, "items">), price: amount };
  }
};

const targetOf = (key: string): Target[] => {
  const [kind = "", name = ""] = key.split(":");
  if (kind === "seller") return [{ kind, sellerId: name }];
  if (kind === "category") return [{ kind, category: name }];
  if (kind === "listing") return [{ kind, listingId: name }];
  return kind === "sku" ? [{ kind, skuId: name }] : [];
};

/** A promotion and what it aims at; what it has by default is said too. */
export const viewOf = (row: PromotionRow, keys: readonly string[]): PromotionView => {
  const priceOf = (minor: number) => money(minor, row.currency);
  const isEverything = keys.every((key) => key === "all" || key === `seller:${row.sellerId}`);
  return {
    promotionId: row.promotionId,
    sellerId: row.sellerId,
    name: row.name,
    ...(row.code !== null && { code: row.code }),
    ...(row.isByCoupon && { byCoupon: true }),
    discount: discountOf(row),
    gives: row.gives,
    level: row.level,
    ...(row.minimumMinor !== null && { minimum: priceOf(row.minimumMinor) }),
    ...(row.capMinor !== null && { cap: priceOf(row.capMinor) }),
    ...(!isEverything && row.discountKind !== "bundle" && { targets: keys.flatMap(targetOf) }),
    ...(row.groupName !== null && { group: row.groupName }),
    ...(row.isExclusive && { exclusive: true }),
    paidBy: row.paidBy,
    budget: priceOf(row.budgetMinor),
    ...(row.usesMax !== null && { uses: row.usesMax }),
    ...(row.accountUsesMax !== null && { accountUses: row.accountUsesMax }),
    startsAt: instant(row.startsAt.getTime()),
    endsAt: instant(row.endsAt.getTime()),
    ...(row.schedule !== null && { schedule: row.schedule }),
    priority: row.priority,
    held: priceOf(row.heldMinor),
    redeemed: priceOf(row.redeemedMinor),
    used: row.usesHeld + row.usesRedeemed,
    version: row.version,
    ...(row.stoppedAt !== null && { stoppedAt: instant(row.stoppedAt.getTime()) }),
  };
};

/** Whether nobody may use it any more. */
export const areUsesSpent = ({
  usesMax,
  usesHeld,
  usesRedeemed,
}: Pick<PromotionRow, "usesMax" | "usesHeld" | "usesRedeemed">): boolean =>
  usesMax !== null && usesHeld + usesRedeemed >= usesMax;
