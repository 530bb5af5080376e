import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { acknowledge } from "../acknowledge.ts";
import { cancel } from "../cancel.ts";
import { confirm } from "../confirm.ts";
import { reject } from "../reject.ts";
import { lineOf, type PaidOrder, paidOrder, scene, SELLER, statesOf, toldOf, versionOf } from "./stage.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

const here = () => scene(database.db);
const two = () => paidOrder(database.db, [lineOf(SELLER), lineOf(SELLER, 700, 2)]);
const states = async ({ orderId }: PaidOrder) =>
  (await statesOf(database.db, orderId)).map(({ state }) => state);
const bySeller = ({ orderId, sellerId }: PaidOrder) => ({ orderId, accountId: sellerId });
const byBuyer = ({ orderId, buyerId }: PaidOrder) => ({ orderId, accountId: buyerId });
const parcels = async ({ orderId }: PaidOrder) => [
  ...(await database.db.execute(
    sql`select carrier, service, line_ids from "order".parcel where order_id = ${orderId}`,
  )),
];

describe("Line/confirm", () => {
  it("all paid lines when none are named; they are planned as one parcel, by the carrier that was quoted", async () => {
    const order = await two();
    const standing = await confirm(bySeller(order), here());
    expect(standing.changed.toSorted()).toEqual([...order.lineIds].toSorted());
    expect(await states(order)).toEqual(["confirmed", "confirmed"]);
    expect(await parcels(order)).toMatchObject([
      { carrier: "own", service: "standard", line_ids: order.lineIds },
    ]);
    expect(await toldOf(database.db, order.orderId)).toEqual(["lines_confirmed"]);
  });

  it("twice is once, and both hear the version that it was made on", async () => {
    const order = await two();
    const before = await versionOf(database.db, order.orderId);
    const answers = [await confirm(bySeller(order), here()), await confirm(bySeller(order), here())];
    expect(answers.map(({ version }) => version)).toEqual([before, before]);
    expect(answers[1]?.changed).toEqual([]);
    expect(await versionOf(database.db, order.orderId)).toBe(before + 1);
    expect(await parcels(order)).toHaveLength(1);
  });

  it("lines that are confirmed later leave in another parcel, by the carrier that the seller says", async () => {
    const order = await two();
    const [first = "", second = ""] = order.lineIds;
    await confirm({ ...bySeller(order), lineIds: [first] }, here());
    const carrier = { carrier: "swift", service: "express" };
    await confirm({ ...bySeller(order), lineIds: [second], carrier }, here());
    expect(await parcels(order)).toMatchObject([
      { carrier: "own", line_ids: [first] },
      { ...carrier, line_ids: [second] },
    ]);
    expect(await toldOf(database.db, order.orderId)).toEqual(["lines_confirmed", "lines_confirmed"]);
  });

  it("all of those named or none (LINES_DECIDED), and the refusal says what was decided", async () => {
    const order = await two();
    const [first = "", second = ""] = order.lineIds;
    await cancel({ ...byBuyer(order), lineIds: [first] }, here());
    await expect(confirm({ ...bySeller(order), lineIds: [first, second] }, here())).rejects.toMatchObject({
      code: "LINES_DECIDED",
      data: { lines: [{ lineId: first, state: "cancelled", reason: "buyer_cancelled" }] },
    });
    expect(await states(order)).toEqual(["cancelled", "paid"]);
    expect((await confirm(bySeller(order), here())).changed).toEqual([second]);
  });

  it("nothing is sent while the buyer's bank asks for the money back (ORDER_DISPUTED); a repeat is told no such thing", async () => {
    const [order, before] = [await two(), await two()];
    await confirm(bySeller(before), here());
    await database.db.execute(sql`update "order"."order" set open_chargebacks = 1
      where order_id in (${order.orderId}, ${before.orderId})`);
    await expect(confirm(bySeller(order), here())).rejects.toMatchObject({
      code: "ORDER_DISPUTED",
      status: 409,
    });
    expect(await states(order)).toEqual(["paid", "paid"]);
    expect((await confirm(bySeller(before), here())).changed).toEqual([]);
  });

  it("somebody else's order, and one that is none, are unknown (LINE_UNKNOWN), also to its buyer", async () => {
    const order = await two();
    const strange = [
      { ...bySeller(order), accountId: freshId("acc") },
      byBuyer(order),
      { ...bySeller(order), orderId: freshId("ord") },
      { ...bySeller(order), lineIds: [order.lineIds[0] ?? "", freshId("lin")] },
    ];
    for (const ask of strange)
      await expect(confirm(ask, here())).rejects.toMatchObject({ code: "LINE_UNKNOWN", status: 404 });
    expect(await states(order)).toEqual(["paid", "paid"]);
  });
});

describe("Line/reject and Line/cancel", () => {
  it("the seller's words are kept for the buyer; twice is once", async () => {
    const order = await two();
    const ask = { ...bySeller(order), note: "It broke." };
    const answers = [await reject(ask, here()), await reject({ ...ask, note: "Another." }, here())];
    expect(answers.map(({ changed }) => changed.length)).toEqual([2, 0]);
    const rows = await database.db.execute(
      sql`select distinct decision_note as note, reason from "order".checkout_line where order_id = ${order.orderId}`,
    );
    expect([...rows]).toEqual([{ note: "It broke.", reason: "seller_rejected" }]);
    await expect(cancel(byBuyer(order), here())).rejects.toMatchObject({ code: "LINES_DECIDED" });
  });

  it("a buyer takes back what is not confirmed; confirmed lines stay (LINES_DECIDED)", async () => {
    const order = await two();
    const [first = "", second = ""] = order.lineIds;
    await confirm({ ...bySeller(order), lineIds: [first] }, here());
    await expect(cancel({ ...byBuyer(order), lineIds: [first] }, here())).rejects.toMatchObject({
      code: "LINES_DECIDED",
    });
    expect((await cancel(byBuyer(order), here())).changed).toEqual([second]);
    expect((await cancel({ ...byBuyer(order), lineIds: [second] }, here())).changed).toEqual([]);
    expect(await states(order)).toEqual(["confirmed", "cancelled"]);
  });

  it("another buyer's and the seller's own hand on it are unknown (LINE_UNKNOWN)", async () => {
    const order = await two();
    for (const accountId of [freshId("acc"), order.sellerId])
      await expect(cancel({ orderId: order.orderId, accountId }, here())).rejects.toMatchObject({
        code: "LINE_UNKNOWN",
      });
    await expect(reject({ ...byBuyer(order), note: "" }, here())).rejects.toMatchObject({
      code: "LINE_UNKNOWN",
    });
  });
});

describe("Line/acknowledge", () => {
  it("what is in a parcel counts as delivered, and the windows begin; what is in none cannot have come (LINES_DECIDED)", async () => {
    const order = await two();
    await confirm(bySeller(order), here());
    await expect(acknowledge(byBuyer(order), here())).rejects.toMatchObject({ code: "LINES_DECIDED" });
    await database.db.execute(sql`update "order".checkout_line set shipment_id = ${freshId("shp")}
      where order_id = ${order.orderId} and line_id = ${order.lineIds[0] ?? ""}`);
    expect((await acknowledge(byBuyer(order), here())).changed).toEqual([order.lineIds[0]]);
    expect((await acknowledge(byBuyer(order), here())).changed).toEqual([]);
    const [row] = await database.db.execute(sql`
      select state, claim_until - due_at = interval '23 days' as "isLater" from "order".checkout_line
      where line_id = ${order.lineIds[0] ?? ""}`);
    expect(row).toEqual({ state: "delivered", isLater: true });
    await expect(acknowledge({ ...byBuyer(order), accountId: order.sellerId }, here())).rejects.toMatchObject(
      {
        code: "LINE_UNKNOWN",
      },
    );
  });
});

describe("twenty at once", () => {
  it.each(["confirm", "reject", "cancel"] as const)(
    "%s: one does it, and all hear the same",
    async (verb) => {
      const order = await two();
      const work = {
        confirm: () => confirm(bySeller(order), here()),
        reject: () => reject({ ...bySeller(order), note: "No." }, here()),
        cancel: () => cancel(byBuyer(order), here()),
      }[verb];
      const before = await versionOf(database.db, order.orderId);
      const answers = await Promise.all(Array.from({ length: 20 }, work));
      expect(answers.filter(({ changed }) => changed.length > 0)).toHaveLength(1);
      expect(new Set(answers.map(({ version }) => version))).toEqual(new Set([before]));
      expect(await versionOf(database.db, order.orderId)).toBe(before + 1);
    },
  );

  it("confirms, rejects and cancels of one order: one wins each line, the rest hear what happened (LINES_DECIDED)", async () => {
    for (let round = 0; round < 5; round++) {
      const order = await paidOrder(
        database.db,
        Array.from({ length: 4 }, () => lineOf(SELLER)),
      );
      const ends = await Promise.allSettled(
        Array.from({ length: 20 }, (_, at) => {
          const lineIds = [order.lineIds[at % 4] ?? "", order.lineIds[(at + 1) % 4] ?? ""];
          if (at % 3 === 0) return confirm({ ...bySeller(order), lineIds }, here());
          if (at % 3 === 1) return reject({ ...bySeller(order), lineIds, note: "No." }, here());
          return cancel({ ...byBuyer(order), lineIds }, here());
        }),
      );
      const changed = ends.flatMap((end) => (end.status === "fulfilled" ? end.value.changed : []));
      expect(new Set(changed).size).toBe(changed.length);
      const decided = (await statesOf(database.db, order.orderId)).filter(({ state }) => state !== "paid");
      expect(decided.map(({ lineId }) => lineId).toSorted()).toEqual(changed.toSorted());
      const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
      for (const reason of refused)
        expect(reason).toMatchObject({
          code: "LINES_DECIDED",
          data: { lines: expect.arrayContaining([expect.objectContaining({ state: expect.any(String) })]) },
        });
      const version = await versionOf(database.db, order.orderId);
      expect(version).toBe(
        ends.filter((end) => end.status === "fulfilled" && end.value.changed.length > 0).length,
      );
    }
  });
});
