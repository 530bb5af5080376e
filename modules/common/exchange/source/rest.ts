/** Rates by plain HTTP: `GET <apiUrl>/rates?base=USD` answers `{ base, rates: { EUR: "0.92" }, takenAt }`. */
import { Currency, Rate } from "@shopnexus/contracts/kit/money";
import { Instant, SECOND_MS } from "@shopnexus/contracts/kit/time";
import { z } from "zod";
import type { ExchangeSettings } from "#modules/_kit/settings.ts";
import type { Source } from "./port.ts";

/** The next tick asks again anyway. */
const ANSWER_MS = 10 * SECOND_MS;

/** What it says besides is not our business. */
const Answer = z.object({ base: Currency, rates: z.record(Currency, Rate), takenAt: Instant });

export const restSource = ({ apiUrl }: ExchangeSettings): Source => ({
  latest: async (base) => {
    const url = `${apiUrl.replace(/\/$/, "")}/rates?base=${base}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (!response.ok) throw new Error(`The source of rates answered ${response.status}.`);
    const answer = Answer.parse(await response.json());
    if (answer.base !== base)
      throw new Error(`The source of rates was asked for ${base} and gave ${answer.base}.`);
    return answer;
  },
});
