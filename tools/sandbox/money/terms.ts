import { invalid } from "../wire/errors.ts";
import type { Form } from "../wire/form.ts";
import { integer, text } from "../wire/params.ts";
import type { Intent } from "./shapes.ts";

// Stripe takes amounts of eight digits, and more where the unit is small.
const AMOUNT_DIGITS_MAX = 8;
const LONG_AMOUNTS: Record<string, number> = { idr: 12, cop: 10, huf: 10 };

export const CAPTURE_METHODS = ["automatic", "automatic_async", "manual"] as const;

export const currencyOf = (given: string): string => {
  const currency = given.toLowerCase();
  if (/^[a-z]{3}$/.test(currency)) return currency;
  throw invalid(`Invalid currency: ${currency.slice(0, 20)}`, { param: "currency" });
};

export const amountOf = (params: Form, currency: string): number | undefined => {
  const amount = integer(params, "amount", 1);
  if (amount === undefined || amount < 10 ** (LONG_AMOUNTS[currency] ?? AMOUNT_DIGITS_MAX)) return amount;
  throw invalid("The amount is greater than the maximum amount allowed.", {
    code: "amount_too_large",
    param: "amount",
  });
};

const TEXTS = [
  "customer",
  "description",
  "receipt_email",
  "statement_descriptor",
  "statement_descriptor_suffix",
  "transfer_group",
] as const;

/** The plain text fields that were given. */
export const textsOf = (params: Form): Partial<Intent> =>
  Object.fromEntries(
    TEXTS.filter((name) => params[name] !== undefined).map((name) => [name, text(params, name) ?? null]),
  );
