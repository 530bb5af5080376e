import { convert, type Currency, type Money, money, share } from "@shopnexus/contracts/kit/money";
import { USD_RATES } from "../rates/usd.ts";
import type { Parcel } from "./shapes.ts";

/** In minor units of USD. */
export type Tariff = Readonly<{ baseMinor: number; perKgMinor: number }>;

export const TARIFF: Tariff = { baseMinor: 400, perKgMinor: 150 };

/** Currencies that carriers name prices in; any other question is answered in USD. */
const PRICED_IN = new Set(["EUR", "VND"]);

const GRAMS_PER_KG = 1_000;
// A kilogram is charged for every 5,000 cubic centimetres, however light they are.
const CUBIC_MM_PER_KG = 5_000_000;

/** Kilograms that are paid for: started ones of the weight or of the volume, whichever is more, and one at least. */
export const billableKg = ({ weightGrams, lengthMm, widthMm, heightMm }: Parcel): number =>
  Math.max(
    1,
    Math.ceil(weightGrams / GRAMS_PER_KG),
    Math.ceil((lengthMm * widthMm * heightMm) / CUBIC_MM_PER_KG),
  );

type Asked = { parcel: Parcel; basisPoints: number; currency: Currency };

export const priceOf = (tariff: Tariff, { parcel, basisPoints, currency }: Asked): Money => {
  const whole = money(tariff.baseMinor + tariff.perKgMinor * billableKg(parcel), "USD");
  const price = share(whole, basisPoints);
  const rate = PRICED_IN.has(currency) ? USD_RATES[currency] : undefined;
  return rate === undefined ? price : convert(price, rate, currency);
};
