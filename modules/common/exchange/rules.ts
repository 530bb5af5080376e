/** Exchange rates: what follows from what, exactly. */
import { ExchangeRefusals, RATE_AGE_MAX_MS, type RateOf } from "@shopnexus/contracts/common/exchange";
import type { Currency } from "@shopnexus/contracts/kit/money";
import { type RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import { instant } from "@shopnexus/contracts/kit/time";

/** The one currency that every rate is kept against; all others follow from two of them. */
export const PIVOT = "USD";

/** As many as a `Rate` has on either side of its point. */
const DECIMALS = 12;

/** `rate` units of the currency are worth one unit of the pivot. */
export type Known = { readonly currency: Currency; readonly rate: string; readonly takenAt: Date };

export type Table = ReadonlyMap<Currency, Known>;

/** What is known and not too old; the pivot itself is always worth one. */
export const tableOf = (rows: readonly Known[], now: Date): Table => {
  const isFresh = ({ takenAt }: Known) => now.getTime() - takenAt.getTime() <= RATE_AGE_MAX_MS;
  return new Map(
    [{ currency: PIVOT, rate: "1", takenAt: now }, ...rows.filter(isFresh)].map((row) => [row.currency, row]),
  );
};

/** The rate of each currency against the base, in the order asked; or which of them have none. */
export const ratesAgainst = (
  table: Table,
  { base, currencies, now }: { base: Currency; currencies: readonly Currency[]; now: Date },
): RateOf[] | RefusalError => {
  const found = currencies.map((currency) => rateOf(table, { base, currency, now }));
  const missing = currencies.filter((_, at) => found[at] === undefined);
  if (missing.length > 0) {
    const unknown = [...new Set([base, ...currencies])].filter((currency) => !table.has(currency));
    return refuse(ExchangeRefusals.RATE_UNAVAILABLE, { currencies: unknown.length > 0 ? unknown : missing });
  }
  return found.filter((rate) => rate !== undefined);
};

type Pair = { readonly base: Currency; readonly currency: Currency; readonly now: Date };

/** A rate is as old as the older of the two it follows from; a currency is always worth one of itself. */
export const rateOf = (table: Table, { base, currency, now }: Pair): RateOf | undefined => {
  if (base === currency) return { currency, rate: "1", takenAt: instant(now.getTime()) };
  const [ours, theirs] = [table.get(base), table.get(currency)];
  const rate = ours === undefined || theirs === undefined ? undefined : quotient(ours.rate, theirs.rate);
  if (ours === undefined || theirs === undefined || rate === undefined) return undefined;
  const takenMs = Math.min(ours.takenAt.getTime(), theirs.takenAt.getTime());
  return { currency, rate, takenAt: instant(takenMs) };
};

type Fraction = { readonly digits: bigint; readonly scale: bigint };

const fractionOf = (decimal: string): Fraction => {
  const [units = "0", decimals = ""] = decimal.split(".");
  return { digits: BigInt(units + decimals), scale: 10n ** BigInt(decimals.length) };
};

/** `above / below`, half of the twelfth decimal rounded up, without trailing zeros; undefined where a Rate has no room. */
export const quotient = (above: string, below: string): string | undefined => {
  const [dividend, divisor] = [fractionOf(above), fractionOf(below)];
  const over = dividend.digits * divisor.scale * 10n ** BigInt(DECIMALS);
  const under = divisor.digits * dividend.scale;
  const text = String((over * 2n + under) / (under * 2n)).padStart(DECIMALS + 1, "0");
  const [units, decimals] = [text.slice(0, -DECIMALS), text.slice(-DECIMALS).replace(/0+$/, "")];
  if (units.length > DECIMALS || (units === "0" && decimals === "")) return undefined;
  return decimals === "" ? units : `${units}.${decimals}`;
};
