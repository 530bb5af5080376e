import type { Sales } from "@shopnexus/contracts/order/sales";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { selectOrders } from "../_kit/order-pages.ts";
import { orderViews } from "../_kit/order-views.ts";

/** The cursor is the last order's id. */
export const list: Step<typeof Sales, "list"> = async ({ tab, after, limit = PAGE_LIMIT }, scene) => {
  const { accountId } = accountOf(scene.who);
  const rows = await selectOrders(scene.db, { side: "seller", accountId }, { tab, after, limit: limit + 1 });
  const { items, ...rest } = cutPage(rows, limit, ({ orderId }) => orderId);
  return { items: await orderViews(scene, items, "seller"), ...rest };
};
