import type { Order } from "@shopnexus/contracts/order/order";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { selectOrders } from "../_kit/order-pages.ts";
import { orderViews } from "../_kit/order-views.ts";

/** The cursor is the last order's id. */
export const list: Step<typeof Order, "list"> = async ({ tab, after, limit = PAGE_LIMIT }, scene) => {
  const { accountId } = accountOf(scene.who);
  const rows = await selectOrders(scene.db, { side: "buyer", accountId }, { tab, after, limit: limit + 1 });
  const { items, ...rest } = cutPage(rows, limit, ({ orderId }) => orderId);
  return { items: await orderViews(scene, items, "buyer"), ...rest };
};
