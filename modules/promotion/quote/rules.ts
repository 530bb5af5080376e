/** The price engine: a basket and the promotions that run in, prices and reasons out. Decisions 1 to 5 of the module's README. */
import { MINOR_MAX, type Money, money } from "@shopnexus/contracts/kit/money";
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import { type Explanation, QuoteRefusals, type QuoteView } from "@shopnexus/contracts/promotion/quote";
import { type Candidate, decide, type Verdict } from "../_kit/choice.ts";
import { placesOf, type Standing } from "../_kit/offers.ts";
import { type Basket, byText, type Item, linesByKey, type Running, touchedBy } from "../_kit/promotions.ts";
import { total } from "../_kit/wanted.ts";

/** Refuses baskets that have no price. */
export const bePriceable = (basket: Basket): void => {
  if (isMixed(basket)) throw refuse(QuoteRefusals.CURRENCY_MIXED, {});
  if (isBeyondMoney(basket)) throw refuse(CommonRefusals.INVALID_INPUT, { issues: [TOO_DEAR] });
};
const TOO_DEAR = { path: "/lines", says: `they cost more than ${MINOR_MAX} minor units in all` };

/** Refuses codes that bring nothing. */
export const beKnown = (basket: Basket, promotions: readonly Running[]): void => {
  const code = unknownCode(basket, promotions);
  if (code !== undefined) throw refuse(QuoteRefusals.CODE_UNKNOWN, { code });
};

const isMixed = ({ lines, parcels = [], currency }: Basket): boolean =>
  lines.some(({ unitPrice }) => unitPrice.currency !== currency) ||
  parcels.some(({ price }) => price.currency !== currency);

/** More than any amount may be. Beyond 2^53 the sum is not exact, and needs not be. */
const isBeyondMoney = ({ lines, parcels = [] }: Basket): boolean =>
  total(lines.map(({ unitPrice, pieces }) => unitPrice.minor * pieces)) > MINOR_MAX ||
  total(parcels.map(({ price }) => price.minor)) > MINOR_MAX;

/** The first code that names no running promotion, or one that touches no line. */
const unknownCode = ({ codes, lines }: Basket, promotions: readonly Running[]): string | undefined =>
  codes.find(
    (code) =>
      !promotions.some(
        (promotion) => promotion.codes.includes(code) && touchedBy(promotion, lines).length > 0,
      ),
  );

/** The prices, without the reasons. */
export const quote = (basket: Basket, promotions: readonly Running[]): QuoteView => {
  const settled = settle(basket, promotions);
  const { lines, parcels } = pricesOf(settled);
  return viewOf(settled, lines, parcels);
};

/** The prices, and what every promotion that touches a line or a parcel has to do with them. */
export const explanation = (basket: Basket, promotions: readonly Running[]): Explanation => {
  const settled = settle(basket, promotions);
  const { lines, parcels } = pricesOf(settled);
  const told = storiesOf(settled);
  const lineStories = lines.map((line, at) => ({ ...line, ...(told.lines[at] ?? NO_STORY) }));
  const parcelStories = parcels.map((parcel, at) => ({ ...parcel, ...(told.parcels[at] ?? NO_STORY) }));
  return viewOf(settled, lineStories, parcelStories);
};

/** A basket whose promotions have been asked, lines and parcels in an order of their own. */
type Settled = {
  readonly basket: Basket;
  readonly verdicts: readonly Verdict[];
  readonly standing: Standing;
  readonly of: (minor: number) => Money;
};

/** Worked out in SKU order: where a minor unit falls must not depend on the order that the lines came in. */
const settle = (basket: Basket, promotions: readonly Running[]): Settled => {
  const asked = basket.lines.toSorted((a, b) => byText(a.skuId, b.skuId));
  const byKey = linesByKey(asked);
  const candidates = promotions
    .map((promotion): Candidate => ({ promotion, touched: touchedBy(promotion, asked, byKey) }))
    .filter(({ touched }) => touched.length > 0);
  const of = (minor: number): Money => money(minor, basket.currency);
  return { basket, of, ...decide(candidates, standingOf(basket, asked)) };
};

/** In the order asked. A code that is spent is among what applied, with nothing: whoever holds it is told. */
const viewOf = <L extends object, P extends object>(
  { basket, verdicts, standing, of }: Settled,
  lines: readonly L[],
  parcels: readonly P[],
) => {
  const lineAt = new Map(standing.lines.map(({ skuId }, at) => [skuId, lines[at]]));
  const parcelAt = new Map(standing.parcels.map(({ sellerId }, at) => [sellerId, parcels[at]]));
  return {
    lines: basket.lines.flatMap(({ skuId }) => told({ skuId }, lineAt.get(skuId))),
    parcels: (basket.parcels ?? []).flatMap(({ sellerId }) => told({ sellerId }, parcelAt.get(sellerId))),
    applied: verdicts.filter(isApplied).map((verdict) => appliedOf(verdict, of)),
    lost: verdicts.filter((verdict) => !isApplied(verdict)).map(lostOf),
    total: of(total(standing.lineRests)),
  };
};

const told = <K extends object, T extends object>(key: K, found: T | undefined) =>
  found === undefined ? [] : [{ ...key, ...found }];

const standingOf = (basket: Basket, asked: Basket["lines"]): Standing => {
  const lines = asked.map(
    ({ skuId, sellerId, pieces, unitPrice }): Item => ({
      skuId,
      sellerId,
      pieces,
      unitMinor: unitPrice.minor,
      subtotalMinor: unitPrice.minor * pieces,
    }),
  );
  const parcels = (basket.parcels ?? [])
    .toSorted((a, b) => byText(a.sellerId, b.sellerId))
    .map(
      ({ sellerId, price: { minor } }): Item => ({
        skuId: sellerId,
        sellerId,
        pieces: 1,
        unitMinor: minor,
        subtotalMinor: minor,
      }),
    );
  return {
    lines,
    parcels,
    lineRests: lines.map(({ subtotalMinor }) => subtotalMinor),
    parcelRests: parcels.map(({ subtotalMinor }) => subtotalMinor),
    cashback: lines.map(() => 0),
    takenBy: lines.map(() => undefined),
  };
};

const isApplied = ({ promotion, loss }: Verdict): boolean =>
  loss === undefined || (loss.reason === "spent" && promotion.code !== null);

const appliedOf = ({ promotion, offer }: Verdict, of: (minor: number) => Money) => {
  const { promotionId, name, gives, paidBy, isCoupon, code } = promotion;
  const coupon = isCoupon && code !== null ? { coupon: code } : {};
  return { promotionId, name, amount: of(offer?.minor ?? 0), gives, paidBy, ...coupon };
};

const lostOf = ({ promotion, loss }: Pick<Verdict, "promotion" | "loss">) => ({
  promotionId: promotion.promotionId,
  name: promotion.name,
  ...(loss ?? { reason: "nothing_left" as const }),
});

const pricesOf = ({ verdicts, standing, of }: Settled) => {
  const byPlatform = verdicts.filter(
    ({ promotion: { paidBy, gives }, loss }) =>
      loss === undefined && paidBy === "platform" && gives !== "cashback",
  );
  const { lines, parcels, lineRests, parcelRests, cashback } = standing;
  const [ofLines, ofParcels] = [lines.map(() => 0), parcels.map(() => 0)];
  for (const verdict of byPlatform) {
    const parts = verdict.promotion.gives === "shipping" ? ofParcels : ofLines;
    for (const at of parts.keys()) parts[at] = (parts[at] ?? 0) + cutOf(verdict, at);
  }
  const priceOf = (subtotalMinor: number, totalMinor: number, platformMinor: number) => ({
    subtotal: of(subtotalMinor),
    discount: of(subtotalMinor - totalMinor),
    platformPart: of(platformMinor),
    total: of(totalMinor),
  });
  return {
    lines: lines.map(({ subtotalMinor }, at) => ({
      ...priceOf(subtotalMinor, lineRests[at] ?? 0, ofLines[at] ?? 0),
      cashback: of(cashback[at] ?? 0),
    })),
    parcels: parcels.map(({ subtotalMinor }, at) =>
      priceOf(subtotalMinor, parcelRests[at] ?? 0, ofParcels[at] ?? 0),
    ),
  };
};

/** What it took off a place; what lost took nothing. */
const cutOf = ({ offer, loss }: Verdict, at: number): number =>
  loss === undefined ? (offer?.cuts[at] ?? 0) : 0;

type Story = Pick<Explanation["lines"][number], "parts" | "lost">;
const NO_STORY: Story = { parts: [], lost: [] };

/** Verdict by verdict: who explains pays for what each promotion touches, and not for every promotion on every line. */
const storiesOf = ({ verdicts, standing, of }: Settled) => {
  const lines = standing.lines.map((): Story => ({ parts: [], lost: [] }));
  const parcels = standing.parcels.map((): Story => ({ parts: [], lost: [] }));
  for (const verdict of verdicts) {
    const { promotion, touched, offer, loss } = verdict;
    const { promotionId, name, gives } = promotion;
    const stories = gives === "shipping" ? parcels : lines;
    for (const at of placesOf(promotion, touched, standing)) {
      const minor = cutOf(verdict, at);
      if (minor > 0) stories[at]?.parts.push({ promotionId, name, amount: of(minor), gives });
      else stories[at]?.lost.push(lostOf({ promotion, loss: loss ?? offer?.losses[at] }));
    }
  }
  return { lines, parcels };
};
