import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { instant } from "@shopnexus/contracts/kit/time";
import type { ChargebackStatus } from "@shopnexus/contracts/order/chargeback";
import type { z } from "zod";
import { charge, giveBack as giveBackTable, tender } from "#db/order/payments.ts";
import { eq, sql } from "drizzle-orm";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { deliver, payOut, type Sale, sell, send, type Sold } from "../claim/proof/stage.ts";
import { list } from "./list.ts";
import { lose } from "./lose.ts";
import { owe } from "./owe.ts";
import { record } from "./record.ts";
import { reinstate } from "./reinstate.ts";
import { take } from "./take.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

const scene = () => sceneOf(database.db, asModule("order"));

/** Two sellers: one was paid out, the other's goods wait to be confirmed. */
const bought = async (rest: Partial<Sale> = {}) => {
  const { db } = database;
  const [an, binh] = [freshId("acc"), freshId("acc")];
  const lines = [
    { sellerId: an, unitMinor: 3_000, shippingMinor: 300, commissionMinor: 300 },
    { sellerId: binh, unitMinor: 1_000, pieces: 2, shippingMinor: 100, commissionMinor: 200 },
  ];
  const sold = await sell(db, { lines, ...rest });
  const [first, second] = [sold.orders.get(an) ?? "", sold.orders.get(binh) ?? ""];
  await db.insert(charge).values({
    chargeId: sold.chargeId,
    checkoutId: sold.checkoutId,
    gateway: "stripe",
    amountMinor: sold.totalMinor - (rest.walletMinor ?? 0),
    currency: rest.currency ?? "USD",
    state: "open",
  });
  await deliver(db, first);
  await payOut(db, first);
  return { sold, an, binh, first, second };
};

const newsOf = (sold: Sold, minor: number, status: z.infer<typeof ChargebackStatus>) => ({
  gateway: "stripe",
  disputeRef: freshId("evt"),
  chargeId: sold.chargeId,
  amount: { minor, currency: "USD" },
  status,
  reason: "fraudulent",
  at: instant(Date.now()),
});

const linesOf = (sold: Sold) => database.db.$client`
  select state, reason, escrow_minor::int as escrow, returned_minor::int as returned, clawed_minor::int as clawed,
    uncarried_minor::int as uncarried, pieces_back
  from "order".checkout_line where line_id in ${database.db.$client([...sold.lineIds])} order by position`;
const tenderOf = async ({ checkoutId }: Sold) => {
  const [row] = await database.db.select().from(tender).where(eq(tender.checkoutId, checkoutId));
  return row;
};
const openOn = async (orderId: string): Promise<number> => {
  const [row] = await database.db.$client`
    select open_chargebacks, tab from "order"."order" where order_id = ${orderId}`;
  return Number(row?.["open_chargebacks"]);
};

describe("Chargeback/take", () => {
  test("each line gives its share: escrow first, then what the seller was paid, then carriage", async () => {
    const { sold, first, second } = await bought();
    const { chargebackId } = await record(newsOf(sold, 5_400, "open"), scene());
    const { taken } = await take({ chargebackId }, scene());
    const beside = { subsidizedMinor: 0, rewardedMinor: 0 };
    expect(taken?.shares.map(({ totals }) => totals)).toEqual(
      expect.arrayContaining([
        { returnedMinor: 3_300, clawedMinor: 3_000, uncarriedMinor: 300, commissionMinor: 300, ...beside },
        { returnedMinor: 2_100, clawedMinor: 0, uncarriedMinor: 0, commissionMinor: 0, ...beside },
      ]),
    );
    expect(taken?.suspenseMinor).toBe(0);
    expect(await linesOf(sold)).toMatchObject([
      { state: "fulfilled", returned: 3_300, clawed: 3_000, uncarried: 300 },
      { state: "paid", returned: 2_100, escrow: 0 },
    ]);
    expect(await tenderOf(sold)).toMatchObject({ chargedBackMinor: 5_400 });
    expect([await openOn(first), await openOn(second)]).toEqual([1, 1]);
  });

  test("20 at once take once, and all answer the same", async () => {
    const { sold } = await bought();
    const { chargebackId } = await record(newsOf(sold, 2_700, "open"), scene());
    const answers = await Promise.all(Array.from({ length: 20 }, () => take({ chargebackId }, scene())));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const lines = await linesOf(sold);
    expect(lines.reduce((sum, line) => sum + Number(line["returned"]), 0)).toBe(2_700);
  });

  test("of what came from the wallet nothing is taken, and two banks' wishes never take more than was paid", async () => {
    const { sold } = await bought({ walletMinor: 1_400 });
    for (const minor of [3_000, 3_000]) {
      const { chargebackId } = await record(newsOf(sold, minor, "open"), scene());
      await take({ chargebackId }, scene());
    }
    const lines = await linesOf(sold);
    expect(lines.reduce((sum, line) => sum + Number(line["returned"]), 0)).toBe(4_000);
    expect(await tenderOf(sold)).toMatchObject({ chargedBackMinor: 4_000, gatewayMinor: 4_000 });
  });

  test("a charge that nothing was placed for gives nothing, and is known", async () => {
    const sold: Sold = { ...(await bought()).sold, chargeId: freshId("chg") };
    const { chargebackId } = await record(newsOf(sold, 100, "open"), scene());
    expect(await take({ chargebackId }, scene())).toEqual({ taken: null });
  });
});

describe("what the bank decides", () => {
  test("Chargeback/reinstate: won, every minor unit is where it was, once", async () => {
    const { sold, first, second } = await bought();
    const before = await linesOf(sold);
    const news = newsOf(sold, 5_400, "open");
    const { chargebackId } = await record(news, scene());
    await take({ chargebackId }, scene());
    await record({ ...news, status: "won" }, scene());
    const answer = await reinstate({ chargebackId }, scene());
    expect(await reinstate({ chargebackId }, scene())).toEqual(answer);
    expect(await linesOf(sold)).toEqual(before);
    expect(await tenderOf(sold)).toMatchObject({ chargedBackMinor: 0 });
    expect([await openOn(first), await openOn(second)]).toEqual([0, 0]);
  });

  test("Chargeback/lose: lost, lines without money are refunded, and what was not sent is not sold any more", async () => {
    const { sold, second } = await bought();
    const news = newsOf(sold, 5_400, "open");
    const { chargebackId } = await record(news, scene());
    await take({ chargebackId }, scene());
    await record({ ...news, status: "lost" }, scene());
    const { orders, owedMinor } = await lose({ chargebackId }, scene());
    expect(await lose({ chargebackId }, scene())).toEqual({ orders, owedMinor });
    expect(orders.flatMap(({ goods }) => goods)).toMatchObject([{ lineId: sold.lineIds[1], pieces: 2 }]);
    expect(owedMinor).toBe(0);
    expect(await linesOf(sold)).toMatchObject([
      { state: "refunded", reason: "chargeback_lost", pieces_back: 0 },
      { state: "refunded", reason: "chargeback_lost", pieces_back: 2 },
    ]);
    expect(await openOn(second)).toBe(0);
  });

  test("a part that is lost leaves the lines where they are, with what is left of their money", async () => {
    const { sold } = await bought();
    const news = newsOf(sold, 540, "lost");
    const { chargebackId } = await record(news, scene());
    await take({ chargebackId }, scene());
    expect((await lose({ chargebackId }, scene())).orders.flatMap(({ goods }) => goods)).toEqual([]);
    expect((await linesOf(sold)).map((line) => line["state"])).toEqual(["fulfilled", "paid"]);
  });

  test("closed before created: what is lost is still taken, what is won taken and put back; a late event changes nothing", async () => {
    const lost = await bought();
    const news = newsOf(lost.sold, 5_400, "lost");
    const { chargebackId } = await record(news, scene());
    expect((await record({ ...news, status: "open" }, scene())).status).toBe("lost");
    expect((await take({ chargebackId }, scene())).taken).not.toBeNull();
    const won = await bought();
    const good = newsOf(won.sold, 5_400, "won");
    const kept = await record(good, scene());
    expect((await record({ ...good, status: "open" }, scene())).status).toBe("won");
    expect((await record({ ...good, status: "lost" }, scene())).status).toBe("won");
    const before = await linesOf(won.sold);
    expect((await take({ chargebackId: kept.chargebackId }, scene())).taken).not.toBeNull();
    const { refunds } = await reinstate({ chargebackId: kept.chargebackId }, scene());
    expect(refunds).toEqual([]);
    expect(await linesOf(won.sold)).toEqual(before);
    const [row] = await database.db.$client`
      select ended_at from "order".chargeback where chargeback_id = ${kept.chargebackId}`;
    expect(row?.["ended_at"]).not.toBeNull();
  });

  test("a refund that was left to the bank is promised again when it is won, and owed when it is lost", async () => {
    const refunds = async (status: "won" | "lost", minor: number) => {
      const { sold, second } = await bought();
      await leaveToBank(sold, second, 500);
      const news = newsOf(sold, minor, "open");
      const { chargebackId } = await record(news, scene());
      const { taken } = await take({ chargebackId }, scene());
      await record({ ...news, status }, scene());
      return { sold, second, chargebackId, taken };
    };
    const won = await refunds("won", 5_400);
    expect(won.taken?.suspenseMinor).toBe(500);
    const { refunds: again } = await reinstate({ chargebackId: won.chargebackId }, scene());
    expect(again).toMatchObject([
      { key: `${won.second}/back`, orderId: won.second, minor: 500, gatewayMinor: 500, gateway: "stripe" },
    ]);
    expect(await tenderOf(won.sold)).toMatchObject({ gatewayReturnedMinor: 500, chargedBackMinor: 0 });
    const lost = await refunds("lost", 200);
    expect(lost.taken).toMatchObject({ suspenseMinor: 200, shares: [] });
    expect(await lose({ chargebackId: lost.chargebackId }, scene())).toEqual({ orders: [], owedMinor: 300 });
  });
});

test("Chargeback/owe: a refund that the gateway refuses once all banks are through is the buyer's, once", async () => {
  const { sold, second } = await bought();
  const refused = async (key: string, minor: number): Promise<string> => {
    await leaveToBank(sold, key, minor);
    return `${key}/back`;
  };
  const news = newsOf(sold, 540, "open");
  const { chargebackId } = await record(news, scene());
  await take({ chargebackId }, scene());
  const early = await refused(second, 100);
  expect(await owe({ key: early }, scene())).toEqual({ owedMinor: 0 });
  await record({ ...news, status: "lost" }, scene());
  expect((await lose({ chargebackId }, scene())).owedMinor).toBe(100);
  const late = await refused(freshId("ord"), 70);
  const answers = await Promise.all([owe({ key: late }, scene()), owe({ key: late }, scene())]);
  expect(answers).toEqual([{ owedMinor: 70 }, { owedMinor: 70 }]);
  expect(await owe({ key: early }, scene())).toEqual({ owedMinor: 0 });
  expect(await owe({ key: "nothing" }, scene())).toEqual({ owedMinor: 0 });
});

/** A refund of a line that the gateway did not make. */
const leaveToBank = async ({ checkoutId, lineIds }: Sold, orderId: string, minor: number): Promise<void> => {
  const { db } = database;
  const row = { checkoutId, orderId, gatewayMinor: minor, walletMinor: 0, state: "left_to_bank" as const };
  await db.insert(giveBackTable).values({ key: `${orderId}/back`, ...row });
  await db.execute(sql`
    update "order".checkout_line set returned_minor = returned_minor + ${minor}, escrow_minor = escrow_minor - ${minor}
    where line_id = ${lineIds[1]}`);
};

test("Chargeback/list: newest first, by state and by page", async () => {
  const { sold } = await bought();
  const refs = [freshId("evt"), freshId("evt"), freshId("evt")];
  for (const disputeRef of refs) await record({ ...newsOf(sold, 1, "open"), disputeRef }, scene());
  const operator = sceneOf(database.db, asAccount(undefined, "operator"));
  const first = await list({ limit: 2, status: "open" }, operator);
  expect(first.items).toHaveLength(2);
  const after = first.next ?? "";
  const ids = first.items.map(({ disputeRef }) => disputeRef);
  const second = await list({ limit: 100, after }, operator);
  expect(second.items.map(({ disputeRef }) => disputeRef)).not.toEqual(expect.arrayContaining(ids));
  expect([...ids, ...second.items.map(({ disputeRef }) => disputeRef)]).toEqual(expect.arrayContaining(refs));
});

test("what is on its way when the bank takes all of it is refunded once that is lost", async () => {
  const { sold, second } = await bought();
  await send(database.db, second);
  const news = newsOf(sold, 5_400, "lost");
  const { chargebackId } = await record(news, scene());
  await take({ chargebackId }, scene());
  const { orders } = await lose({ chargebackId }, scene());
  expect(orders.flatMap(({ goods }) => goods)).toEqual([]);
  expect((await linesOf(sold))[1]).toMatchObject({ state: "refunded", uncarried: 100 });
});
