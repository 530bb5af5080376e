import { inArray, sql } from "drizzle-orm";
import type { InboxItem, Sales } from "@shopnexus/contracts/order/sales";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Db } from "#db/_kit/database.ts";
import { checkoutLine, order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step, StepScene } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { addressesOf } from "../_kit/order-parts.ts";
import { readOrders } from "../_kit/order-views.ts";
import { type Place, placeOf, toPlace } from "./rules.ts";

/** The cursor is a place in time: it stays good when what stood there was answered meanwhile. */
export const inbox: Step<typeof Sales, "inbox"> = async ({ after, limit = PAGE_LIMIT }, scene) => {
  const place = after === undefined ? undefined : toPlace(after);
  if (after !== undefined && place === undefined) return { items: [] };
  const due = await selectDue(scene.db, accountOf(scene.who).accountId, { place, limit: limit + 1 });
  const { items, ...rest } = cutPage(due, limit, placeOf);
  return { items: await inboxItems(scene, items), ...rest };
};

/**
 * Orders by the first of their paid lines that is due: a line that another of its order is due before does not count.
 * Leans on lines_to_confirm and lines_of_order.
 */
const selectDue = async (
  db: Db,
  sellerId: string,
  { place, limit }: { place: Place | undefined; limit: number },
): Promise<Place[]> => {
  const isLater =
    place === undefined
      ? sql``
      : sql`and (l.due_at, l.order_id) > (timestamptz 'epoch' + ${place.dueMicros}::bigint * interval '1 microsecond', ${place.orderId})
          and exists (select 1 from ${order} o where o.order_id = ${place.orderId} and o.seller_id = ${sellerId})`;
  return db.execute<Place>(sql`
    select l.order_id as "orderId", (extract(epoch from l.due_at) * 1000000)::bigint::text as "dueMicros"
    from ${checkoutLine} l
    where l.seller_id = ${sellerId} and l.state = 'paid' ${isLater} and not exists (
      select 1 from ${checkoutLine} e
      where e.order_id = l.order_id and e.state = 'paid' and (e.due_at, e.line_id) < (l.due_at, l.line_id))
    order by l.due_at, l.order_id limit ${limit}`);
};

/** What was answered since is left out. */
const inboxItems = async (scene: StepScene, due: readonly Place[]): Promise<InboxItem[]> => {
  if (due.length === 0) return [];
  const orderIds = due.map(({ orderId }) => orderId);
  const orders = await scene.db.select().from(order).where(inArray(order.orderId, orderIds));
  const [read, addressOf] = await Promise.all([readOrders(scene, orders), addressesOf(scene.db, orders)]);
  return due.flatMap(({ orderId, dueMicros }) => {
    const head = orders.find((one) => one.orderId === orderId);
    assert(head !== undefined, "orders are never deleted");
    const paid = read(head).lines.filter(({ row }) => row.state === "paid");
    if (paid.length === 0) return [];
    return [
      {
        orderId,
        buyerId: head.buyerId,
        dueAt: instant(Math.floor(Number(dueMicros) / 1_000)),
        placedAt: instant(head.placedAt.getTime()),
        address: addressOf(head),
        carrier: head.carrier,
        service: head.service,
        lines: paid.map(({ view }) => view),
      },
    ];
  });
};
