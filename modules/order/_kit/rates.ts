/** Amounts of other currencies in a basket's own: by frozen rates, exact, and never more than money can count. */
import { convert, MINOR_MAX, type Money } from "@shopnexus/contracts/kit/money";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { ChargeRefusals } from "@shopnexus/contracts/order/charge";

/** How many units of the basket's currency one unit of each is worth. */
export type Rates = ReadonlyMap<string, string>;

/** An amount in the basket's currency; one beyond what money can count is nobody's to pay. */
export const inBasketOf = (amount: Money, currency: string, rates: Rates): Money => {
  if (amount.currency === currency) return amount;
  const converted = convertible(amount, rates.get(amount.currency), currency);
  if (converted === undefined) throw refuse(ChargeRefusals.AMOUNT_UNPAYABLE, {});
  return converted;
};

const convertible = (amount: Money, rate: string | undefined, currency: string): Money | undefined => {
  // Far above what any currency asks for, and far below where numbers lose their units.
  const isCountable = rate !== undefined && Number(rate) * amount.minor < MINOR_MAX;
  const converted = isCountable ? convert(amount, rate, currency) : undefined;
  return converted !== undefined && converted.minor <= MINOR_MAX ? converted : undefined;
};

const RATE_DECIMALS = 12;

/** A rate the other way round: exact to twelve decimals, and never zero. */
export const inverse = (rate: string): string => {
  const [units = "0", decimals = ""] = rate.split(".");
  const scaled = BigInt(units + decimals);
  const whole = 10n ** BigInt(decimals.length + RATE_DECIMALS);
  const digits = String((whole + scaled / 2n) / scaled || 1n).padStart(RATE_DECIMALS + 1, "0");
  return `${digits.slice(0, -RATE_DECIMALS)}.${digits.slice(-RATE_DECIMALS)}`;
};
