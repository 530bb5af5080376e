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
  const { lines, parcels, ...rest } = explanation(basket, promotions);
  return { ...rest, lines: lines.map(bare), parcels: parcels.map(bare) };
};

const bare = <T extends { parts: unknown; lost: unknown }>({ parts: _, lost: _lost, ...rest }: T) => rest;

/** Prices the basket. A code that is spent is among what applied, with nothing: whoever holds it is told. */
export const explanation = (basket: Basket, promotions: readonly Running[]): Explanation => {
  // Worked out in SKU order: where a minor unit falls must not depend on the order that the lines came in.
  const asked = basket.lines.toSorted((a, b) => byText(a.skuId, b.skuId));
  const byKey = linesByKey(asked);
  const candidates = promotions
    .map((promotion): Candidate => ({ promotion, touched: touchedBy(promotion, asked, byKey) }))
    .filter(({ touched }) => touched.length > 0);
  const { verdicts, standing } = decide(candidates, standingOf(basket, asked));
  const tell = { of: (minor: number): Money => money(minor, basket.currency), verdicts, standing };
  const lines = standing.lines.map((_, at) => ({
    ...tellOf(tell, ["goods", "cashback"], at),
    cashback: tell.of(standing.cashback[at] ?? 0),
  }));
  const parcels = standing.parcels.map((_, at) => tellOf(tell, ["shipping"], at));
  const lineAt = new Map(standing.lines.map(({ skuId }, at) => [skuId, lines[at]]));
  const parcelAt = new Map(standing.parcels.map(({ sellerId }, at) => [sellerId, parcels[at]]));
  return {
    lines: basket.lines.flatMap(({ skuId }) => told({ skuId }, lineAt.get(skuId))),
    parcels: (basket.parcels ?? []).flatMap(({ sellerId }) => told({ sellerId }, parcelAt.get(sellerId))),
    applied: verdicts.filter(isApplied).map((verdict) => appliedOf(verdict, tell.of)),
    lost: verdicts.filter((verdict) => !isApplied(verdict)).map(lostOf),
    total: tell.of(total(standing.lineRests)),
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

const lostOf = ({ promotion, loss }: Verdict) => ({
  promotionId: promotion.promotionId,
  name: promotion.name,
  ...(loss ?? { reason: "nothing_left" as const }),
});

type Tell = {
  readonly of: (minor: number) => Money;
  readonly verdicts: readonly Verdict[];
  readonly standing: Standing;
};

/** One line or parcel: what it costs, and what every promotion that touches it has to do with that. */
const tellOf = ({ of, verdicts, standing }: Tell, gives: ReadonlyArray<Running["gives"]>, at: number) => {
  const isGoods = gives.includes("goods");
  const subtotalMinor = (isGoods ? standing.lines : standing.parcels)[at]?.subtotalMinor ?? 0;
  const totalMinor = (isGoods ? standing.lineRests : standing.parcelRests)[at] ?? subtotalMinor;
  const mine = verdicts.filter(
    ({ promotion, touched }) =>
      gives.includes(promotion.gives) && placesOf(promotion, touched, standing).includes(at),
  );
  const cutOf = ({ offer, loss }: Verdict): number => (loss === undefined ? (offer?.cuts[at] ?? 0) : 0);
  const given = mine.filter((verdict) => cutOf(verdict) > 0);
  const byPlatform = given.filter(
    ({ promotion }) => promotion.paidBy === "platform" && promotion.gives !== "cashback",
  );
  return {
    subtotal: of(subtotalMinor),
    discount: of(subtotalMinor - totalMinor),
    platformPart: of(total(byPlatform.map(cutOf))),
    total: of(totalMinor),
    parts: given.map((verdict) => ({
      promotionId: verdict.promotion.promotionId,
      name: verdict.promotion.name,
      amount: of(cutOf(verdict)),
      gives: verdict.promotion.gives,
    })),
    lost: mine
      .filter((verdict) => cutOf(verdict) === 0)
      .map((verdict) => lostOf({ ...verdict, loss: verdict.loss ?? verdict.offer?.losses[at] })),
  };
};
