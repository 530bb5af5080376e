import type { Shop } from "@shopnexus/contracts/client";
import { isRefusal } from "@shopnexus/contracts/kit/refusal";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import { Promotion, PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";

export const WELCOME_CODE = "WELCOME10";
const VALID_MS = 365 * DAY_MS;
/** A million dollars: no demonstration spends it. */
const BUDGET = { minor: 100_000_000, currency: "USD" };

/** Ten percent off everything, once; true if it was not there before. */
export const launchWelcome = async (operator: Shop, nowMs: number): Promise<boolean> => {
  try {
    await operator.call(Promotion).launch({
      name: "Welcome",
      code: WELCOME_CODE,
      discount: { kind: "percent", basisPoints: 1_000 },
      budget: BUDGET,
      startsAt: instant(nowMs),
      endsAt: instant(nowMs + VALID_MS),
    });
    return true;
  } catch (error) {
    if (isRefusal(error, PromotionRefusals.CODE_TAKEN)) return false;
    throw error;
  }
};
