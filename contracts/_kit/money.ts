/** Money is an integer count of minor units and a currency; this is the only file that computes with it. */
import { z } from "zod";

/** ISO 4217, upper case. */
export const Currency = z.string().regex(/^[A-Z]{3}$/);
export type Currency = z.infer<typeof Currency>;

/** Ten billion units of a two-decimal currency: sums of 1,000 of them still fit a safe integer. */
export const MINOR_MAX = 1_000_000_000_000;

/** An amount that may be owed in either direction. */
export const Money = z.object({ minor: z.int().min(-MINOR_MAX).max(MINOR_MAX), currency: Currency });
export type Money = z.infer<typeof Money>;

/** A price or a total: never below zero, zero allowed. */
export const Price = z.object({ minor: z.int().min(0).max(MINOR_MAX), currency: Currency });

/** One hundredth of a percent: 10_000 is the whole. */
export const BasisPoints = z.int().min(0).max(10_000);

export const money = (minor: number, currency: Currency): Money => {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`${minor} is not a count of minor units`);
  return { minor: minor === 0 ? 0 : minor, currency };
};

const sameCurrency = (a: Money, b: Money): void => {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} do not add up`);
};

export const add = (a: Money, b: Money): Money => {
  sameCurrency(a, b);
  return money(a.minor + b.minor, a.currency);
};

export const subtract = (a: Money, b: Money): Money => {
  sameCurrency(a, b);
  return money(a.minor - b.minor, a.currency);
};

export const times = (a: Money, count: number): Money => money(a.minor * count, a.currency);

export const sum = (amounts: readonly Money[], currency: Currency): Money =>
  amounts.reduce((total, amount) => add(total, amount), money(0, currency));

export const equals = (a: Money, b: Money): boolean => a.minor === b.minor && a.currency === b.currency;

/** The lesser of two amounts of one currency. */
export const least = (a: Money, b: Money): Money => {
  sameCurrency(a, b);
  return a.minor <= b.minor ? a : b;
};

/** A share in basis points, half a minor unit rounded away from zero. Exact: computed in BigInt. */
export const share = (amount: Money, basisPoints: number): Money => {
  const scaled = BigInt(Math.abs(amount.minor)) * BigInt(basisPoints);
  const rounded = Number((scaled + 5_000n) / 10_000n);
  return money(amount.minor < 0 ? -rounded : rounded, amount.currency);
};

/**
 * Splits an amount by weights so that the parts add up to it exactly (largest remainder; ties go to the
 * earlier part). Weights are whole numbers, not negative, not all zero.
 */
export const split = (amount: Money, weights: readonly number[]): Money[] => {
  const whole = weights.reduce((total, weight) => total + BigInt(weight), 0n);
  if (whole <= 0n || weights.some((weight) => weight < 0))
    throw new RangeError("weights must add up to more than zero");
  const sign = amount.minor < 0 ? -1n : 1n;
  const minor = BigInt(Math.abs(amount.minor));
  const parts = weights.map((weight, at) => {
    const scaled = minor * BigInt(weight);
    return { at, floor: scaled / whole, remainder: scaled % whole };
  });
  let left = minor - parts.reduce((total, part) => total + part.floor, 0n);
  for (const part of parts.toSorted((a, b) => Number(b.remainder - a.remainder) || a.at - b.at)) {
    if (left === 0n) break;
    part.floor += 1n;
    left -= 1n;
  }
  return parts.map((part) => money(Number(part.floor * sign), amount.currency));
};

/** How many units of one currency a unit of another is worth, as a decimal: 1 to 12 digits on either side. */
export const Rate = z
  .string()
  .regex(/^[0-9]{1,12}(\.[0-9]{1,12})?$/)
  .refine((rate) => /[1-9]/.test(rate), "must be above zero");

const DIGITS: Readonly<Record<string, number>> = {
  VND: 0,
  JPY: 0,
  KRW: 0,
  CLP: 0,
  ISK: 0,
  XAF: 0,
  XOF: 0,
  BHD: 3,
  KWD: 3,
  JOD: 3,
  OMR: 3,
  TND: 3,
};

/** How many decimals the minor unit of a currency stands for. Source: ISO 4217, list one. */
export const minorDigits = (currency: Currency): number => DIGITS[currency] ?? 2;

/** An amount in another currency: half a minor unit is rounded away from zero. Exact: computed in BigInt. */
export const convert = (amount: Money, rate: string, to: Currency): Money => {
  const [units = "0", decimals = ""] = rate.split(".");
  const scaled = BigInt(units + decimals) * BigInt(Math.abs(amount.minor)) * 10n ** BigInt(minorDigits(to));
  const scale = 10n ** BigInt(decimals.length + minorDigits(amount.currency));
  const rounded = Number((scaled * 2n + scale) / (scale * 2n));
  return money(amount.minor < 0 ? -rounded : rounded, to);
};
