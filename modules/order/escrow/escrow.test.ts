import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { carryEntry, releaseEntry, returnEntry } from "../_kit/entries.ts";
import { cancel } from "../line/cancel.ts";
import { lineOf, type PaidOrder, paidOrder, scene, SELLER } from "../line/proof/stage.ts";
import { carry } from "./carry.ts";
import { release } from "./release.ts";
import { withdraw } from "./withdraw.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

const here = () => scene(database.db);
const price = (minor: number) => ({ minor, currency: "USD" });
const dear = () => ({ ...lineOf(SELLER, 1_000), shipping: price(300), commission: price(101) });
const two = () => paidOrder(database.db, [dear(), lineOf(SELLER, 500, 2)]);
const ask = ({ orderId, lineIds }: PaidOrder, key: string) => ({
  orderId,
  key: `${orderId}/${key}`,
  lineIds: [...lineIds],
});
const set = ({ orderId }: PaidOrder, state: string, reason: string | null = null) =>
  database.db.execute(sql`update "order".checkout_line set state = ${state}, reason = ${reason},
    due_at = now() - interval '1 second' where order_id = ${orderId}`);
const sums = async ({ orderId }: PaidOrder) => {
  const [row] = await database.db.execute(sql`
    select sum(escrow_minor)::int as escrow, sum(carried_minor)::int as carried, sum(released_minor)::int as released,
      sum(returned_minor)::int as returned from "order".checkout_line where order_id = ${orderId}`);
  return row;
};
const CROWD = Array.from({ length: 20 });
const sumOf = (entries: ReturnType<typeof carryEntry>) =>
  entries.flatMap(({ lines }) => lines).reduce((sum, { minor }) => sum + minor, 0);

describe("Escrow/carry", () => {
  it("spends what was paid for carriage, once for a key, and nothing a second time", async () => {
    const order = await two();
    const answers = await Promise.all(CROWD.map(() => carry(ask(order, "parcel"), here())));
    for (const answer of answers) expect(answer).toMatchObject({ minor: 300, party: { sellerId: SELLER } });
    expect(await carry(ask(order, "another"), here())).toMatchObject({ minor: 0 });
    expect(await sums(order)).toEqual({ escrow: 2_000, carried: 300, released: 0, returned: 0 });
    const entries = answers.flatMap(({ party, minor }) => carryEntry("key", party, minor));
    expect([entries.length, sumOf(entries)]).toEqual([20, 0]);
  });
});

describe("Escrow/withdraw", () => {
  it("all that was paid for lines that came to nothing goes back, carriage included, and their pieces can be sold", async () => {
    const order = await two();
    await carry(ask(order, "parcel"), here());
    await set(order, "cancelled", "carrier_silent");
    const answers = await Promise.all(CROWD.map(() => withdraw(ask(order, "back"), here())));
    const [first] = answers;
    for (const answer of answers) expect(answer).toEqual(first);
    expect(first).toMatchObject({
      totals: { returnedMinor: 2_300, clawedMinor: 0, uncarriedMinor: 300, commissionMinor: 0 },
      unsold: [{ pieces: 1 }, { pieces: 2 }],
    });
    expect(await sums(order)).toEqual({ escrow: 0, carried: 300, released: 0, returned: 2_300 });
    const to = [{ account: "gateway:stripe", minor: 2_300 }];
    const entries = answers.flatMap(({ party, totals }) =>
      returnEntry({ key: "key", kind: "refund", party, totals, to }),
    );
    expect([entries.length, sumOf(entries)]).toEqual([20, 0]);
  });

  it("under another key nothing goes back again; lines that are alive are left out", async () => {
    const order = await two();
    const [first = ""] = order.lineIds;
    await cancel({ orderId: order.orderId, accountId: order.buyerId, lineIds: [first] }, here());
    expect(await withdraw(ask(order, "one"), here())).toMatchObject({
      totals: { returnedMinor: 1_300 },
      lineIds: [first],
      unsold: [{ lineId: first, pieces: 1 }],
    });
    expect(await withdraw(ask(order, "two"), here())).toMatchObject({
      totals: { returnedMinor: 0 },
      lineIds: [],
      unsold: [],
    });
  });

  it("what a bank took of such lines and gives back goes to their buyer, under a key of its own", async () => {
    const order = await two();
    await set(order, "cancelled", "buyer_cancelled");
    await withdraw(ask(order, "one"), here());
    await database.db.execute(sql`update "order".checkout_line set returned_minor = 0, escrow_minor = paid_minor
      where order_id = ${order.orderId}`);
    expect(await withdraw(ask(order, "two"), here())).toMatchObject({ totals: { returnedMinor: 2_300 } });
  });

  it("a lost parcel's money goes back, its pieces do not", async () => {
    const order = await two();
    await set(order, "cancelled", "parcel_lost");
    expect(await withdraw(ask(order, "back"), here())).toMatchObject({
      totals: { returnedMinor: 2_300 },
      unsold: [],
    });
  });
});

describe("Escrow/release", () => {
  it("the seller's share leaves escrow when the window is over, once, and the lines are fulfilled", async () => {
    const order = await two();
    await carry(ask(order, "parcel"), here());
    await set(order, "delivered");
    const answers = await Promise.all(CROWD.map(() => release(ask(order, "release"), here())));
    const [first] = answers;
    for (const answer of answers) expect(answer).toEqual(first);
    expect(first).toMatchObject({ grossMinor: 2_000, commissionMinor: 101, lineIds: expect.any(Array) });
    expect(first?.lineIds).toHaveLength(2);
    expect(await sums(order)).toEqual({ escrow: 0, carried: 300, released: 2_000, returned: 0 });
    expect(await release(ask(order, "again"), here())).toMatchObject({ grossMinor: 0, lineIds: [] });
    const entries = answers.flatMap((released) => releaseEntry("key", released.party, released));
    expect([entries.length, sumOf(entries)]).toEqual([20, 0]);
  });

  it("what the buyer was promised is told in proportion to what is released, the same again for the same key", async () => {
    const order = await paidOrder(database.db, [{ ...lineOf(SELLER, 1_000), cashback: price(99) }]);
    await database.db.execute(sql`update "order".checkout_line set escrow_minor = 700, returned_minor = 300
      where order_id = ${order.orderId}`);
    await set(order, "delivered");
    const answers = await Promise.all(CROWD.map(() => release(ask(order, "release"), here())));
    for (const answer of answers) {
      expect(answer).toMatchObject({ grossMinor: 700, cashback: { buyerId: order.buyerId, minor: 69 } });
      const entries = releaseEntry("key", answer.party, answer);
      expect(entries.map(({ entryKey, kind }) => [entryKey, kind])).toEqual([
        ["key/release", "release"],
        ["key/cashback", "cashback"],
      ]);
      expect(entries[1]?.lines).toEqual([
        { account: "platform:promotions", minor: -69, currency: "USD" },
        { account: `wallet:${order.buyerId}`, minor: 69, currency: "USD" },
      ]);
    }
    expect(await release(ask(order, "again"), here())).toMatchObject({ cashback: { minor: 0 } });
  });

  it("what the platform pays beside it is told in proportion to what is released, the same again for the same key", async () => {
    const line = { ...lineOf(SELLER, 1_000), commission: price(100) };
    const sold = { ...line, discount: price(101), platformDiscount: price(101), total: price(899) };
    const order = await paidOrder(database.db, [sold]);
    await database.db.execute(sql`update "order".checkout_line set escrow_minor = 450, returned_minor = 449
      where order_id = ${order.orderId}`);
    await set(order, "delivered");
    const answers = await Promise.all(CROWD.map(() => release(ask(order, "release"), here())));
    for (const answer of answers) {
      expect(answer).toMatchObject({ grossMinor: 450, subsidizedMinor: 50, commissionMinor: 50 });
      expect(releaseEntry("key", answer.party, answer)[0]?.lines).toEqual([
        { account: `escrow:${order.orderId}`, minor: -450, currency: "USD" },
        { account: "platform:promotions", minor: -50, currency: "USD" },
        { account: "platform:income", minor: 50, currency: "USD" },
        { account: `wallet:${SELLER}`, minor: 450, currency: "USD" },
      ]);
    }
    const [row] = await database.db.execute(
      sql`select subsidized_minor::int as given from "order".checkout_line where order_id = ${order.orderId}`,
    );
    expect(row).toEqual({ given: 50 });
  });

  it("what the seller pays of the carriage is taken out of what comes in, once; a line never gives more than it brings", async () => {
    const free = { ...lineOf(SELLER, 1_000), commission: price(100), sellerCarriage: price(250) };
    const cheap = { ...lineOf(SELLER, 100), commission: price(10), sellerCarriage: price(250) };
    const order = await paidOrder(database.db, [free, cheap]);
    await set(order, "delivered");
    const answers = await Promise.all(CROWD.map(() => release(ask(order, "release"), here())));
    for (const answer of answers) {
      expect(answer).toMatchObject({ grossMinor: 1_100, commissionMinor: 110, borneMinor: 340 });
      expect(releaseEntry("key", answer.party, answer)[0]?.lines).toEqual([
        { account: `escrow:${order.orderId}`, minor: -1_100, currency: "USD" },
        { account: "platform:income", minor: 110, currency: "USD" },
        { account: "platform:shipping", minor: 340, currency: "USD" },
        { account: `wallet:${SELLER}`, minor: 650, currency: "USD" },
      ]);
    }
    expect(await release(ask(order, "again"), here())).toMatchObject({ borneMinor: 0 });
    const rows = await database.db.execute(sql`
      select borne_minor::int as borne from "order".checkout_line where order_id = ${order.orderId} order by position`);
    expect([...rows]).toEqual([{ borne: 250 }, { borne: 90 }]);
  });

  it("a line whose seller bears more than was promised, or less than nothing, is no line", async () => {
    const order = await paidOrder(database.db, [{ ...lineOf(SELLER, 1_000), sellerCarriage: price(250) }]);
    for (const minor of [251, -1])
      await expect(
        database.db.execute(
          sql`update "order".checkout_line set borne_minor = ${minor} where order_id = ${order.orderId}`,
        ),
      ).rejects.toMatchObject({ cause: { constraint_name: "line_bears_too_much" } });
  });

  it("not before its time, and not what is asked back", async () => {
    const order = await two();
    const [first = "", second = ""] = order.lineIds;
    await set(order, "delivered");
    await database.db.execute(
      sql`update "order".checkout_line set due_at = now() + interval '1 hour' where line_id = ${first}`,
    );
    await database.db.execute(
      sql`update "order".checkout_line set state = 'refunding', resume_state = 'delivered' where line_id = ${second}`,
    );
    expect(await release(ask(order, "release"), here())).toMatchObject({ grossMinor: 0, lineIds: [] });
    expect(await sums(order)).toMatchObject({ escrow: 2_300, released: 0 });
  });
});
