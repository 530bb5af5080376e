/** Decisions about commissions, of values alone. */
import type { Out } from "@shopnexus/contracts/kit/contract";
import { money } from "@shopnexus/contracts/kit/money";
import { instant } from "@shopnexus/contracts/kit/time";
import type {
  Commission,
  CommissionRule,
  CommissionScope,
  CommissionTerms,
} from "@shopnexus/contracts/order/commission";
import type { commissionRule } from "#db/order/payouts.ts";
import { commissionOf } from "../_kit/money.ts";

export type RuleRow = typeof commissionRule.$inferSelect;
type Terms = Pick<RuleRow, "basisPoints" | "fixedMinor" | "fixedCurrency">;

/** A scope as it stands in its row. */
export const scopeText = (scope: CommissionScope): string => {
  if (scope.kind === "category") return `category:${scope.categorySlug}`;
  return scope.kind === "seller" ? `seller:${scope.sellerId}` : "default";
};

const scopeOf = (text: string): CommissionScope => {
  const [kind, name = ""] = text.split(":");
  if (kind === "category") return { kind, categorySlug: name };
  return kind === "seller" ? { kind, sellerId: name } : { kind: "default" };
};

export const columnsOf = (terms: CommissionTerms | null): Terms => ({
  basisPoints: terms?.basisPoints ?? null,
  fixedMinor: terms?.fixed?.minor ?? null,
  fixedCurrency: terms?.fixed?.currency ?? null,
});

export const isSame = (one: Terms, other: Terms): boolean =>
  one.basisPoints === other.basisPoints &&
  one.fixedMinor === other.fixedMinor &&
  one.fixedCurrency === other.fixedCurrency;

export const toRule = (row: RuleRow): CommissionRule => ({
  scope: scopeOf(row.scope),
  terms: termsOf(row),
  validFrom: instant(row.validFrom.getTime()),
});

const termsOf = ({ basisPoints, fixedMinor, fixedCurrency }: Terms): CommissionTerms | null =>
  basisPoints === null
    ? null
    : {
        basisPoints,
        fixed:
          fixedMinor === null || fixedCurrency === null
            ? null
            : { minor: fixedMinor, currency: fixedCurrency },
      };

type RatedLine = {
  readonly lineId: string;
  readonly sellerId: string;
  readonly categorySlug: string;
  readonly total: { readonly minor: number; readonly currency: string };
};

/** The scopes of a line, the most specific first. */
export const scopesOf = ({ sellerId, categorySlug }: RatedLine): string[] => [
  `seller:${sellerId}`,
  `category:${categorySlug}`,
  "default",
];

/** What is taken of a line by the rules that hold, one a scope. */
export const rated = (
  line: RatedLine,
  rules: ReadonlyMap<string, Terms>,
): Out<typeof Commission, "rate">["lines"][number] => {
  const { lineId, total } = line;
  const terms = scopesOf(line)
    .map((scope) => rules.get(scope))
    .find((rule) => rule !== undefined && rule.basisPoints !== null);
  const fixedMinor = terms?.fixedCurrency === total.currency ? (terms.fixedMinor ?? 0) : 0;
  const minor = commissionOf(total.minor, { basisPoints: terms?.basisPoints ?? 0, fixedMinor });
  return { lineId, commission: money(minor, total.currency) };
};
