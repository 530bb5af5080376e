/** The price engine: a basket and the promotions that run in, prices out. Decisions 1 to 5 of the module's README. */
import type { In } from "@shopnexus/contracts/kit/contract";
import {
  add,
  least,
  MINOR_MAX,
  money,
  type Money,
  share,
  split,
  subtract,
  sum,
  times,
} from "@shopnexus/contracts/kit/money";
import { type Discount, PROMOTION_HOLD_COUNT_MAX } from "@shopnexus/contracts/promotion/promotion";
import type { Quote, QuoteView } from "@shopnexus/contracts/promotion/quote";

export type Basket = In<typeof Quote, "price">;
type Line = Basket["lines"][number];

/** A promotion that runs in the basket's currency. */
export type Running = {
  readonly promotionId: string;
  /** Null: the platform's. */
  readonly sellerId: string | null;
  readonly name: string;
  /** Null: applies of itself. */
  readonly code: string | null;
  readonly discount: Discount;
  readonly priority: number;
  /** What is left of its budget. */
  readonly left: Money;
};

export const isMixed = ({ lines, currency }: Basket): boolean =>
  lines.some(({ unitPrice }) => unitPrice.currency !== currency);

/** More than any amount may be. Beyond 2^53 the sum is not exact, and needs not be. */
export const isBeyondMoney = ({ lines }: Basket): boolean =>
  lines.reduce((total, { unitPrice, pieces }) => total + unitPrice.minor * pieces, 0) > MINOR_MAX;

const touches = (promotion: Running, line: Line): boolean =>
  promotion.sellerId === null || promotion.sellerId === line.sellerId;

/** The first code that names no running promotion, or one that touches no line. */
export const unknownCode = ({ codes, lines }: Basket, promotions: readonly Running[]): string | undefined =>
  codes.find(
    (code) =>
      !promotions.some(
        (promotion) => promotion.code === code && lines.some((line) => touches(promotion, line)),
      ),
  );

/** Text by its code units, the same on every machine. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Prices the basket. Every code that is given is among what applied, automatic promotions only if they gave something. */
export const quote = ({ lines, currency }: Basket, promotions: readonly Running[]): QuoteView => {
  // Worked out in SKU order: where a minor unit falls must not depend on the order that the lines came in.
  const inOrder = lines
    .map((line, asked) => ({ line, asked, subtotal: times(line.unitPrice, line.pieces) }))
    .toSorted((a, b) => byText(a.line.skuId, b.line.skuId));
  const subtotals = inOrder.map(({ subtotal }) => subtotal);
  const { rests, applied } = applyAll(promotions, {
    lines: inOrder.map(({ line }) => line),
    rests: subtotals,
  });
  const quoted = inOrder
    .map(({ line: { skuId }, asked, subtotal }, at) => {
      const total = rests[at] ?? subtotal;
      return { asked, line: { skuId, subtotal, discount: subtract(subtotal, total), total } };
    })
    .toSorted((a, b) => a.asked - b.asked)
    .map(({ line }) => line);
  return { lines: quoted, applied, total: sum(rests, currency) };
};

/** Lines, and what is still to be paid for each. */
type Open = { readonly lines: readonly Line[]; readonly rests: readonly Money[] };

/** One after another, by priority, then by id: each sees only what those before it have left. */
const applyAll = (promotions: readonly Running[], open: Open) => {
  const inOrder = promotions.toSorted(
    (a, b) => a.priority - b.priority || byText(a.promotionId, b.promotionId),
  );
  let automaticsLeft = PROMOTION_HOLD_COUNT_MAX - inOrder.filter(({ code }) => code !== null).length;
  let rests = open.rests;
  const applied: QuoteView["applied"] = [];
  for (const promotion of inOrder) {
    if (promotion.code === null && automaticsLeft === 0) continue;
    const cuts = cutsOf(promotion, { lines: open.lines, rests });
    const amount = cuts.reduce(add);
    if (promotion.code === null && amount.minor === 0) continue;
    if (promotion.code === null) automaticsLeft -= 1;
    rests = rests.map((rest, at) => subtract(rest, cuts[at] ?? money(0, rest.currency)));
    applied.push({ promotionId: promotion.promotionId, name: promotion.name, amount });
  }
  return { rests, applied };
};

/** What one promotion takes off each line: never more than the line, in all never more than is left of its budget. */
const cutsOf = (promotion: Running, { lines, rests }: Open): Money[] => {
  const touched = rests.map((rest, at) => {
    const line = lines[at];
    return line !== undefined && touches(promotion, line) ? rest : money(0, rest.currency);
  });
  const wanted = wantedOf(promotion.discount, touched);
  const total = wanted.reduce(add);
  return total.minor <= promotion.left.minor ? wanted : spread(promotion.left, wanted);
};

const wantedOf = (discount: Discount, touched: readonly Money[]): Money[] =>
  discount.kind === "percent"
    ? touched.map((rest) => share(rest, discount.basisPoints))
    : spread(least(discount.amount, touched.reduce(add)), touched);

/** `amount`, which is not more than all of `over`, spread by them: no part is more than its own. */
const spread = (amount: Money, over: readonly Money[]): Money[] =>
  amount.minor === 0
    ? over.map(() => amount)
    : split(
        amount,
        over.map(({ minor }) => minor),
      );
