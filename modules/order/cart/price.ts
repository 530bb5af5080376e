import { Supply } from "@shopnexus/contracts/inventory/supply";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Cart, PricedBasket } from "@shopnexus/contracts/order/cart";
import { call } from "#modules/_kit/call.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { freeze } from "../_kit/freeze.ts";
import { pricedBasket } from "./rules.ts";

/** The very code that a checkout freezes by, so that what is shown is what is asked for. */
export const price: Handler<typeof Cart, "price"> = async (ctx, basket, { who }): Promise<PricedBasket> => {
  const { accountId } = accountOf(who);
  const at = instant(await ctx.date.now());
  const lineIdOf = (skuId: string) => deriveId("lin", skuId);
  const frozen = await freeze(ctx, { accountId, at, basket, lineIdOf });
  const { skus } = await call(ctx, Supply).availability({ skuIds: basket.lines.map(({ skuId }) => skuId) });
  return pricedBasket(frozen, skus);
};
