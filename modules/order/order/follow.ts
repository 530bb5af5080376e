import { and, asc, eq, inArray, isNull, or } from "drizzle-orm";
import type { Order } from "@shopnexus/contracts/order/order";
import { timeline } from "#db/order/timeline.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { readOrders } from "../_kit/order-views.ts";
import { TOLD_TO_SELLERS, waitingOf } from "../_kit/reading.ts";
import { findOrder, toldView } from "./rows.ts";

/** Leans on told_once. */
export const follow: Step<typeof Order, "follow"> = async ({ orderId }, scene) => {
  const { row, viewer } = await findOrder(scene, orderId);
  const isOfAll = isNull(timeline.orderId);
  const isTold = viewer === "seller" ? and(isOfAll, inArray(timeline.what, [...TOLD_TO_SELLERS])) : isOfAll;
  const [told, read] = await Promise.all([
    scene.db
      .select()
      .from(timeline)
      .where(and(eq(timeline.checkoutId, row.checkoutId), or(isTold, eq(timeline.orderId, orderId))))
      .orderBy(asc(timeline.entry)),
    readOrders(scene, [row]),
  ]);
  return {
    entries: told.map((fact) => toldView(fact, viewer)),
    waiting: waitingOf(read(row).lines.map(({ view }) => view)),
  };
};
