/** What one currency is worth in another: fetched every few minutes, frozen by whoever sells. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { Currency, Rate } from "../_kit/money.ts";
import { refusals } from "../_kit/refusal.ts";
import { HOUR_MS, Instant } from "../_kit/time.ts";
import { Nothing } from "../_kit/word.ts";

/** An older rate is none: markets move a few percent in a bad day, and a weekend without news is not one of prices. */
export const RATE_AGE_MAX_MS = 24 * HOUR_MS;
export const FREEZE_CURRENCY_COUNT_MAX = 20;

/** `rate` units of the base are worth one unit of `currency`: `convert(price, rate, base)`. */
export const RateOf = z.object({ currency: Currency, rate: Rate, takenAt: Instant });
export type RateOf = z.infer<typeof RateOf>;

export const ExchangeRefusals = refusals({
  RATE_UNAVAILABLE: {
    status: 409,
    says: "There is no recent exchange rate for one of the currencies: try again later.",
    data: z.object({ currencies: z.array(z.string()) }),
  },
});

export const Exchange = service("Exchange", {
  /** The rates to sell by, in the order asked. Never asks the outside: what `refresh` brought is what there is.
   *  Takes    1 to 20 currencies
   *  Gives    of each what one unit is worth in units of the base, 12 decimals; of the base itself "1"
   *  Refuses  RATE_UNAVAILABLE when a rate is not known or older than 24 h */
  freeze: read(
    z.strictObject({ base: Currency, currencies: z.array(Currency).min(1).max(FREEZE_CURRENCY_COUNT_MAX) }),
    z.object({ rates: z.array(RateOf) }),
    { who: "module", refuses: [ExchangeRefusals.RATE_UNAVAILABLE] },
  ),

  /** Every rate of today against one base, by currency.
   *  Refuses  RATE_UNAVAILABLE for a base without one */
  rates: read(z.strictObject({ base: Currency }), z.object({ base: Currency, rates: z.array(RateOf) }), {
    who: "anyone",
    refuses: [ExchangeRefusals.RATE_UNAVAILABLE],
    http: "GET /rates",
  }),

  /** Fetches the newest rates and keeps them. Does nothing in a shop without a source of rates.
   *  Gives    how many currencies are newer than before
   *  Repeats  the same rates again: nothing changes */
  refresh: step(Nothing, z.object({ freshCount: z.int() }), { who: "module" }),
});
