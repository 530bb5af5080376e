/** Which promotions apply, and in which order: best of a group, exclusive before the rest, one after another. */
import { PROMOTION_HOLD_COUNT_MAX } from "@shopnexus/contracts/promotion/promotion";
import { isSpent, type Offer, offerOf, SPENT, type Standing } from "./offers.ts";
import { byPriority, type Loss, type Running } from "./promotions.ts";

/** A promotion that touches the basket, and what became of it. */
export type Verdict = {
  readonly promotion: Running;
  readonly touched: readonly number[];
  /** Undefined where it was not even asked. */
  readonly offer: Offer | undefined;
  /** Why it gave nothing at all; undefined where it gave something. */
  readonly loss: Loss | undefined;
};
export type Candidate = Pick<Verdict, "promotion" | "touched">;

/** Asks them one after another: each sees only what those before it have left. */
export const decide = (candidates: readonly Candidate[], begin: Standing) => {
  const losers = outdone(candidates, begin);
  let automaticsLeft =
    PROMOTION_HOLD_COUNT_MAX - candidates.filter(({ promotion }) => promotion.code !== null).length;
  let standing = begin;
  const verdicts: Verdict[] = [];
  for (const candidate of candidates.toSorted(inOrder)) {
    const { promotion } = candidate;
    const isAutomatic = promotion.code === null;
    const known = losers.get(promotion.promotionId) ?? early(promotion, isAutomatic && automaticsLeft === 0);
    const offer = known === undefined ? offerOf(promotion, candidate.touched, standing) : undefined;
    const loss = known ?? lossOf(offer);
    verdicts.push({ ...candidate, offer, loss });
    if (offer === undefined || loss !== undefined) continue;
    if (isAutomatic) automaticsLeft -= 1;
    standing = after(promotion, offer, standing);
  }
  return { verdicts, standing };
};

/** Exclusive ones first: what they take, nobody else may have touched. Cashback last: it is part of what is paid. */
const inOrder = (a: Candidate, b: Candidate): number =>
  Number(b.promotion.isExclusive) - Number(a.promotion.isExclusive) ||
  Number(a.promotion.gives === "cashback") - Number(b.promotion.gives === "cashback") ||
  byPriority(a.promotion, b.promotion);

const early = (promotion: Running, isTooMany: boolean): Loss | undefined => {
  if (isSpent(promotion)) return SPENT;
  return isTooMany ? { reason: "too_many" } : undefined;
};

/** A line that it could still reach says more than one that another took. */
const lossOf = (offer: Offer | undefined): Loss | undefined => {
  if (offer === undefined || offer.minor > 0) return undefined;
  const losses = offer.losses.filter((loss) => loss !== undefined);
  return losses.find(({ reason }) => reason !== "excluded") ?? losses[0] ?? { reason: "nothing_left" };
};

const PURSES = { goods: "lineRests", shipping: "parcelRests", cashback: "cashback" } as const;

const after = (promotion: Running, { cuts, reached }: Offer, standing: Standing): Standing => {
  const purse = PURSES[promotion.gives];
  const sign = purse === "cashback" ? 1 : -1;
  const takes = promotion.isExclusive ? new Set(reached) : undefined;
  return {
    ...standing,
    [purse]: standing[purse].map((rest, at) => rest + sign * (cuts[at] ?? 0)),
    ...(takes && {
      takenBy: standing.takenBy.map((by, at) => by ?? (takes.has(at) ? promotion.promotionId : undefined)),
    }),
  };
};

/** Groups are their owner's: two owners who use one name have two groups. */
const outdone = (candidates: readonly Candidate[], begin: Standing): Map<string, Loss> => {
  const grouped = candidates.filter(({ promotion }) => promotion.group !== null && !isSpent(promotion));
  const groups = Map.groupBy(
    grouped,
    ({ promotion }) => `${promotion.sellerId ?? "platform"}/${promotion.group ?? ""}`,
  );
  return new Map([...groups.values()].flatMap((members) => losersOf(members, begin)));
};

/** Whoever gives most alone wins its lines; who shares one of them with it is outdone. */
const losersOf = (members: readonly Candidate[], begin: Standing): Array<[string, Loss]> => {
  const wonBy = new Map<number, string>();
  const losers: Array<[string, Loss]> = [];
  const best = members
    .map(({ promotion, touched }) => ({ promotion, offer: offerOf(promotion, touched, begin) }))
    .filter(({ offer }) => offer.minor > 0)
    .toSorted((a, b) => b.offer.minor - a.offer.minor || byPriority(a.promotion, b.promotion));
  for (const { promotion, offer } of best) {
    const by = offer.reached.map((at) => wonBy.get(at)).find((winner) => winner !== undefined);
    if (by !== undefined) losers.push([promotion.promotionId, { reason: "outdone", by }]);
    for (const at of by === undefined ? offer.reached : []) wonBy.set(at, promotion.promotionId);
  }
  return losers;
};
