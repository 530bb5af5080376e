/** What a buyer means to buy. A wish only: the checkout is the judge of what exists, and what it costs. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { refusals } from "../_kit/refusal.ts";
import { Done, Nothing, Pieces } from "../_kit/word.ts";

export const CART_LINE_COUNT_MAX = 100;

const hasDistinctSkus = (lines: readonly { readonly skuId: string }[]): boolean =>
  new Set(lines.map(({ skuId }) => skuId)).size === lines.length;

export const CartLine = z.object({ skuId: id("sku"), pieces: Pieces });
export const CartView = z.object({ lines: z.array(CartLine) });

export const CartRefusals = refusals({
  CART_FULL: { status: 409, says: "A cart holds 100 different items at most." },
});

export const Cart = service("Cart", {
  /** Sets how many pieces of some SKUs are in the caller's cart; zero takes one out.
   *  Takes    1 to 100 lines with distinct SKUs
   *  Gives    the whole cart
   *  Refuses  CART_FULL
   *  Repeats  nothing changes */
  put: step(
    z.strictObject({
      lines: z
        .array(z.strictObject({ skuId: id("sku"), pieces: z.int().min(0).max(9_999) }))
        .min(1)
        .max(CART_LINE_COUNT_MAX)
        .refine(hasDistinctSkus, "must name each SKU once"),
    }),
    CartView,
    { who: "account", refuses: [CartRefusals.CART_FULL], http: "PUT /me/cart" },
  ),

  /** The caller's cart, in the order things were put in. */
  read: read(Nothing, CartView, { who: "account", http: "GET /me/cart" }),

  /** Takes what a checkout bought out of a cart.
   *  Repeats  same checkoutId: nothing changes, whatever was put in since */
  clear: step(
    z.strictObject({
      accountId: id("acc"),
      checkoutId: id("chk"),
      skuIds: z.array(id("sku")).min(1).max(CART_LINE_COUNT_MAX),
    }),
    Done,
    { who: "module" },
  ),
});
