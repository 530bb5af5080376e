import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { DAY_MS, HOUR_MS } from "@shopnexus/contracts/kit/time";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { arrive } from "../arrive.ts";
import { cancel } from "../cancel.ts";
import { confirm } from "../confirm.ts";
import { expire } from "../expire.ts";
import { next } from "../next.ts";
import {
  age,
  lineOf,
  type PaidOrder,
  paidOrder,
  scene,
  SELLER,
  statesOf,
  toldOf,
  versionOf,
} from "./stage.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

const here = () => scene(database.db);
const waiting = () => ({ ...lineOf(SELLER), isBackordered: true });
const placedWith = (...lines: ReturnType<typeof lineOf>[]) => paidOrder(database.db, lines);
const expireAll = ({ orderId, lineIds }: PaidOrder) => expire({ orderId, lineIds: [...lineIds] }, here());
const standing = async ({ orderId }: PaidOrder) =>
  (await statesOf(database.db, orderId)).map(({ state, reason }) => [state, reason]);
const actions = async ({ orderId }: PaidOrder) =>
  (await next({ orderIds: [orderId] }, here())).lines.map(({ action, at }) => [
    action,
    at === null ? null : Math.round((Date.parse(at) - Date.now()) / HOUR_MS) + 0,
  ]);

/** Puts all lines of an order into a parcel as a carrier would have it. */
const inParcel = async ({ orderId }: PaidOrder, state: string) => {
  const shipmentId = freshId("shp");
  await database.db.execute(sql`insert into "order".shipment
    (shipment_id, kind, order_id, carrier, service, state, carrier_ref, tracking_id, line_ids)
    values (${shipmentId}, 'outward', ${orderId}, 'swift', 'standard', ${state}, ${shipmentId}, 'SW1', '[]')`);
  await database.db.execute(
    sql`update "order".checkout_line set shipment_id = ${shipmentId} where order_id = ${orderId}`,
  );
  return shipmentId;
};
const set = ({ orderId }: PaidOrder, state: string) =>
  database.db.execute(sql`update "order".checkout_line set state = ${state} where order_id = ${orderId}`);

describe("Line/expire", () => {
  it("nobody is given up before the time, whoever asks", async () => {
    const order = await placedWith(lineOf(SELLER), waiting());
    const before = await versionOf(database.db, order.orderId);
    expect((await expireAll(order)).changed).toEqual([]);
    expect(await standing(order)).toEqual([
      ["paid", null],
      ["backordered", null],
    ]);
    expect(await versionOf(database.db, order.orderId)).toBe(before);
  });

  it("a silent seller and stock that never came: cancelled, each with its reason, once", async () => {
    const order = await placedWith(lineOf(SELLER), waiting());
    await age(database.db, order.orderId, 1);
    const crowd = await Promise.all(Array.from({ length: 20 }, () => expireAll(order)));
    expect(crowd.filter(({ changed }) => changed.length > 0)).toHaveLength(1);
    expect(await standing(order)).toEqual([
      ["cancelled", "seller_silent"],
      ["cancelled", "stock_never_came"],
    ]);
    expect(await toldOf(database.db, order.orderId)).toEqual(["lines_expired", "stock_never_came"]);
  });

  it("a line that was decided in time stays so", async () => {
    const order = await placedWith(lineOf(SELLER));
    await cancel({ orderId: order.orderId, accountId: order.buyerId }, here());
    await age(database.db, order.orderId, DAY_MS);
    expect((await expireAll(order)).changed).toEqual([]);
    expect(await standing(order)).toEqual([["cancelled", "buyer_cancelled"]]);
  });

  it("a parcel that nobody fetches is given up after twice its time, and not while a carrier may still fetch it", async () => {
    const order = await placedWith(lineOf(SELLER));
    await confirm({ orderId: order.orderId, accountId: SELLER }, here());
    await age(database.db, order.orderId, 7 * DAY_MS - HOUR_MS);
    expect((await expireAll(order)).changed).toEqual([]);
    await age(database.db, order.orderId, 7 * DAY_MS + HOUR_MS);
    const shipmentId = await inParcel(order, "booked");
    expect((await expireAll(order)).changed).toEqual([]);
    await database.db.execute(
      sql`update "order".shipment set state = 'cancelled' where shipment_id = ${shipmentId}`,
    );
    expect((await expireAll(order)).changed).toEqual(order.lineIds);
    expect(await standing(order)).toEqual([["cancelled", "carrier_silent"]]);
    const [parcel] = await database.db.execute(
      sql`select state from "order".parcel where order_id = ${order.orderId}`,
    );
    expect(parcel).toEqual({ state: "over" });
  });

  it.each([
    ["lost", "parcel_lost"],
    ["returned", "parcel_returned"],
  ])("a parcel that is %s is given up at once", async (state, reason) => {
    const order = await placedWith(lineOf(SELLER));
    await set(order, "shipped");
    await inParcel(order, state);
    await expireAll(order);
    expect(await standing(order)).toEqual([["cancelled", reason]]);
  });

  it("a parcel that nobody has heard of for twice its time counts as lost, and so does its booking", async () => {
    const order = await placedWith(lineOf(SELLER));
    await set(order, "shipped");
    const shipmentId = await inParcel(order, "in_transit");
    await age(database.db, order.orderId, 21 * DAY_MS + HOUR_MS);
    await expireAll(order);
    expect(await standing(order)).toEqual([["cancelled", "parcel_lost"]]);
    const [row] = await database.db.execute(
      sql`select state from "order".shipment where shipment_id = ${shipmentId}`,
    );
    expect(row).toEqual({ state: "lost" });
  });
});

describe("Line/arrive", () => {
  it("stock has come: the seller's turn begins, once; a line that was cancelled stays so", async () => {
    const order = await placedWith(waiting(), waiting());
    const [first = "", second = ""] = order.lineIds;
    await cancel({ orderId: order.orderId, accountId: order.buyerId, lineIds: [second] }, here());
    const answers = [];
    for (let times = 0; times < 2; times++)
      answers.push(await arrive({ orderId: order.orderId, lineIds: [first, second] }, here()));
    expect(answers.map(({ changed }) => changed)).toEqual([[first], []]);
    expect(answers[1]?.version).toBe(answers[0]?.version);
    expect(await standing(order)).toEqual([
      ["paid", null],
      ["cancelled", "buyer_cancelled"],
    ]);
    expect(await actions(order)).toEqual([
      ["cancel_and_refund", 48],
      ["nothing", null],
    ]);
  });
});

describe("Line/next", () => {
  it("says of every state what happens of itself, and when", async () => {
    const order = await placedWith(lineOf(SELLER));
    expect(await actions(order)).toEqual([["cancel_and_refund", 48]]);
    await confirm({ orderId: order.orderId, accountId: SELLER }, here());
    expect(await actions(order)).toEqual([["book_carrier", 0]]);
    await inParcel(order, "booked");
    expect(await actions(order)).toEqual([["escalate_handover", 7 * 24]]);
    await age(database.db, order.orderId, HOUR_MS);
    expect(await actions(order)).toEqual([["cancel_and_refund", 7 * 24 - 1]]);
    await set(order, "shipped");
    expect(await actions(order)).toEqual([["count_as_lost", 21 * 24 - 1]]);
    await age(database.db, order.orderId, -HOUR_MS);
    expect(await actions(order)).toEqual([["escalate_transit", 1]]);
    await set(order, "delivered");
    expect(await actions(order)).toEqual([["pay_seller", 1]]);
    await set(order, "refunding");
    expect(await actions(order)).toEqual([["resolve_claim", 1]]);
    for (const state of ["fulfilled", "refunded", "rejected", "cancelled"]) {
      await set(order, state);
      expect(await actions(order)).toEqual([["nothing", null]]);
    }
    await set(order, "awaiting_payment");
    expect(await actions(order)).toEqual([["undo_checkout", null]]);
  });
});
