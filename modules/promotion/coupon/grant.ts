import type { Coupon } from "@shopnexus/contracts/promotion/coupon";
import { canonical, sha256 } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { makeBatch } from "./mint.ts";

export const grant: Step<typeof Coupon, "grant"> = ({ promotionId, batch, prefix, accountIds }, scene) => {
  // In an order of their own: the same accounts named in another order are the same batch.
  const inOrder = accountIds.toSorted();
  const accountsHash = sha256(canonical(inOrder));
  return makeBatch(scene, { promotionId, batch, prefix, couponCount: inOrder.length, accountsHash }, inOrder);
};
