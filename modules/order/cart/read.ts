import type { Cart } from "@shopnexus/contracts/order/cart";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { readCart } from "./rows.ts";

export const read: Step<typeof Cart, "read"> = async (_input, { db, who }) =>
  readCart(db, accountOf(who).accountId);
