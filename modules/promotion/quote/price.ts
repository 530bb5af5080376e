import { MINOR_MAX } from "@shopnexus/contracts/kit/money";
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import { type Quote, QuoteRefusals } from "@shopnexus/contracts/promotion/quote";
import type { Step } from "#modules/_kit/handler.ts";
import { findAutomatic, findByCodes } from "./rows.ts";
import { isBeyondMoney, isMixed, quote, unknownCode } from "./rules.ts";

export const price: Step<typeof Quote, "price"> = async (basket, { db }) => {
  if (isMixed(basket)) throw refuse(QuoteRefusals.CURRENCY_MIXED, {});
  if (isBeyondMoney(basket)) throw refuse(CommonRefusals.INVALID_INPUT, { issues: [TOO_DEAR] });
  const [ofCodes, automatic] = await Promise.all([findByCodes(db, basket), findAutomatic(db, basket)]);
  const promotions = [...ofCodes, ...automatic];
  const code = unknownCode(basket, promotions);
  if (code !== undefined) throw refuse(QuoteRefusals.CODE_UNKNOWN, { code });
  return quote(basket, promotions);
};

const TOO_DEAR = { path: "/lines", says: `they cost more than ${MINOR_MAX} minor units in all` };
