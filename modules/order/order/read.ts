import type { Order } from "@shopnexus/contracts/order/order";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { orderViews } from "../_kit/order-views.ts";
import { findOrder } from "./rows.ts";

export const read: Step<typeof Order, "read"> = async ({ orderId }, scene) => {
  const { row, viewer } = await findOrder(scene, orderId);
  const [view] = await orderViews(scene, [row], viewer);
  assert(view !== undefined, "each order has a view");
  return view;
};
