import { and, eq, inArray } from "drizzle-orm";
import type { Cart } from "@shopnexus/contracts/order/cart";
import { once } from "#db/_kit/once.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { cartClear, cartLine } from "#db/order/carts.ts";
import type { Step } from "#modules/_kit/handler.ts";

export const clear: Step<typeof Cart, "clear"> = async ({ accountId, checkoutId, skuIds }, { db }) =>
  inTransaction(db, async (tx) => {
    // Cleared before: what stands in the cart now was put there since.
    if (!(await once(tx, cartClear, { checkoutId }))) return {};
    await tx.delete(cartLine).where(and(eq(cartLine.accountId, accountId), inArray(cartLine.skuId, skuIds)));
    return {};
  });
