import { eq } from "drizzle-orm";
import type { Db, Tx } from "#db/_kit/database.ts";
import { cartLine } from "#db/order/carts.ts";

/** A whole cart in the order things were put in. Leans on the primary key of cart_line. */
export const readCart = async (tx: Tx | Db, accountId: string) => {
  const { skuId, pieces, addedAt } = cartLine;
  const lines = await tx
    .select({ skuId, pieces })
    .from(cartLine)
    .where(eq(cartLine.accountId, accountId))
    .orderBy(addedAt, skuId);
  return { lines };
};
