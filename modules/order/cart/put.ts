import { and, eq, inArray, sql } from "drizzle-orm";
import { type Cart, CART_LINE_COUNT_MAX, CartRefusals } from "@shopnexus/contracts/order/cart";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { inTransaction } from "#db/_kit/transaction.ts";
import { cart, cartLine } from "#db/order/carts.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { readCart } from "./rows.ts";

export const put: Step<typeof Cart, "put"> = async ({ lines }, { db, who }) => {
  const { accountId } = accountOf(who);
  const kept = new Map(lines.filter(({ pieces }) => pieces > 0).map((line) => [line.skuId, line]));
  const gone = lines.filter(({ pieces }) => pieces === 0).map(({ skuId }) => skuId);
  return inTransaction(db, async (tx) => {
    // Writers of one cart queue at its row, so that counting its lines is counting all of them.
    const touchedAt = sql`now()`;
    await tx
      .insert(cart)
      .values({ accountId, touchedAt })
      .onConflictDoUpdate({ target: cart.accountId, set: { touchedAt } });
    if (gone.length > 0) {
      await tx.delete(cartLine).where(and(eq(cartLine.accountId, accountId), inArray(cartLine.skuId, gone)));
    }
    if (kept.size > 0) {
      await tx
        .insert(cartLine)
        .values([...kept.values()].map((line, place) => ({ accountId, ...line, addedAt: after(place) })))
        .onConflictDoUpdate({
          target: [cartLine.accountId, cartLine.skuId],
          set: { pieces: sql`excluded.pieces` },
        });
    }
    const view = await readCart(tx, accountId);
    if (view.lines.length > CART_LINE_COUNT_MAX) throw refuse(CartRefusals.CART_FULL, {});
    return view;
  });
};

/** Lines of one put keep the order they came in. */
const after = (place: number) => sql`now() + ${place} * interval '1 microsecond'`;
