import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { CommonRefusals } from "@shopnexus/contracts/kit/refusal";
import { ClaimRefusals } from "@shopnexus/contracts/order/claim";
import type { ClaimOrder } from "@shopnexus/contracts/order/complaint";
import { LineRefusals } from "@shopnexus/contracts/order/line";
import { OrderRefusals } from "@shopnexus/contracts/order/order";
import { deriveId } from "#modules/_kit/derive.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { moveLines } from "../../line/rows.ts";
import { askOf, change, deliver, payOut, sell, send, type Sold } from "./stage.ts";
import { record } from "../record.ts";
import { void as voidClaim } from "../void.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

const scene = () => sceneOf(database.db, asModule("order"));

/** What `Claim/open` makes of a buyer's wish. */
const orderOf = (sold: Sold, ask: ReturnType<typeof askOf>): ClaimOrder => ({
  refundId: deriveId("rfd", ask.orderId, sold.buyerId, ask.claimKey),
  accountId: sold.buyerId,
  ...ask,
});

type Brought = { sold: Sold; orderId: string; lineIds: readonly string[] };

const brought = async (lines: Parameters<typeof sell>[1]["lines"] | number = 1): Promise<Brought> => {
  const sellerId = freshId("acc");
  const count = typeof lines === "number" ? lines : 0;
  const selling = typeof lines === "number" ? Array.from({ length: count }, () => ({ sellerId })) : lines;
  const sold = await sell(database.db, { lines: selling });
  const orderId = [...sold.orders.values()][0] ?? "";
  await deliver(database.db, orderId);
  return { sold, orderId, lineIds: sold.lineIds };
};

const states = async (orderId: string): Promise<string[]> => {
  const rows = await database.db.$client<{ state: string }[]>`
    select state from "order".checkout_line where order_id = ${orderId} order by position`;
  return rows.map(({ state }) => state);
};

describe("Claim/record", () => {
  test("the lines are asked back, and a repeat is the same claim", async () => {
    const { sold, orderId, lineIds } = await brought(2);
    const ask = orderOf(sold, askOf(orderId, lineIds[0] ?? ""));
    const first = await record(ask, scene());
    expect(first.claim).toMatchObject({ state: "requested", asked: { minor: 1_000, currency: "USD" } });
    expect(await record(ask, scene())).toEqual(first);
    expect(await states(orderId)).toEqual(["refunding", "delivered"]);
  });

  test("20 at once under one key are one claim; of 20 keys for one line one is let in, the others CLAIM_OPEN", async () => {
    const { sold, orderId, lineIds } = await brought(2);
    const [one = "", other = ""] = lineIds;
    const ask = orderOf(sold, askOf(orderId, one));
    const same = await Promise.all(Array.from({ length: 20 }, () => record(ask, scene())));
    expect(new Set(same.map(({ claim }) => claim.refundId)).size).toBe(1);
    const many = await Promise.allSettled(
      Array.from({ length: 20 }, () => record(orderOf(sold, askOf(orderId, other)), scene())),
    );
    expect(many.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const lost = many.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
    for (const reason of lost) expect(reason).toMatchObject({ code: "CLAIM_OPEN" });
  });

  test("all pieces, one after the other, give all of the goods to the minor unit", async () => {
    const { db } = database;
    const sellerId = freshId("acc");
    const sold = await sell(db, { lines: [{ sellerId, unitMinor: 333, pieces: 3 }] });
    const orderId = sold.orders.get(sellerId) ?? "";
    await deliver(db, orderId);
    const lineId = sold.lineIds[0] ?? "";
    const { claim } = await record(orderOf(sold, askOf(orderId, lineId)), scene());
    expect(claim.asked.minor).toBe(333);
  });

  test("what the seller was paid of it is told, less commission and in the seller's own currency", async () => {
    const { db } = database;
    const sellerId = freshId("acc");
    const lines = [{ sellerId, unitMinor: 1_000, pieces: 2, commissionMinor: 200 }];
    const sold = await sell(db, { lines, seller: { currency: "VND", rate: "25000" } });
    const orderId = sold.orders.get(sellerId) ?? "";
    await deliver(db, orderId);
    await payOut(db, orderId);
    const { share } = await record(orderOf(sold, askOf(orderId, sold.lineIds[0] ?? "")), scene());
    // 10.00 less 1.00 of commission, at 25,000 a dollar.
    expect(share).toEqual({ minor: 225_000, currency: "VND" });
  });

  test("the claim of goods that never came may be made while they are on their way; any other may not", async () => {
    const { db } = database;
    const sellerId = freshId("acc");
    const sold = await sell(db, { lines: [{ sellerId }] });
    const orderId = sold.orders.get(sellerId) ?? "";
    await send(db, orderId);
    const lineId = sold.lineIds[0] ?? "";
    await expect(record(orderOf(sold, askOf(orderId, lineId)), scene())).rejects.toMatchObject({
      code: "LINE_NOT_CLAIMABLE",
      data: { lines: [{ lineId, state: "shipped" }] },
    });
    const missing = orderOf(sold, askOf(orderId, lineId, { reason: "not_received" }));
    expect((await record(missing, scene())).claim.state).toBe("requested");
  });
});

describe("Claim/record refuses", () => {
  const asking = (order: ClaimOrder) => record(order, scene());

  test("ORDER_UNKNOWN for an order that is not there and for somebody else's", async () => {
    const { sold, orderId, lineIds } = await brought();
    const ask = orderOf(sold, askOf(orderId, lineIds[0] ?? ""));
    await expect(asking({ ...ask, accountId: freshId("acc") })).rejects.toMatchObject(
      code(OrderRefusals.ORDER_UNKNOWN),
    );
    await expect(asking({ ...ask, orderId: freshId("ord") })).rejects.toMatchObject(
      code(OrderRefusals.ORDER_UNKNOWN),
    );
  });

  test("LINE_UNKNOWN for a line of another order", async () => {
    const { sold, orderId } = await brought();
    const other = await brought();
    await expect(asking(orderOf(sold, askOf(orderId, other.lineIds[0] ?? "")))).rejects.toMatchObject(
      code(LineRefusals.LINE_UNKNOWN),
    );
  });

  test("CLAIM_KEY_REUSED for another body under the key", async () => {
    const { sold, orderId, lineIds } = await brought();
    const ask = orderOf(sold, askOf(orderId, lineIds[0] ?? ""));
    await record(ask, scene());
    await expect(asking({ ...ask, says: "Something else." })).rejects.toMatchObject(
      code(ClaimRefusals.CLAIM_KEY_REUSED),
    );
  });

  test("CLAIM_WINDOW_OVER when the time to ask is over", async () => {
    const { sold, orderId, lineIds } = await brought();
    await database.db.$client`
      update "order".checkout_line set claim_until = now() - interval '1 second' where order_id = ${orderId}`;
    await expect(asking(orderOf(sold, askOf(orderId, lineIds[0] ?? "")))).rejects.toMatchObject({
      ...code(ClaimRefusals.CLAIM_WINDOW_OVER),
      data: { lineIds },
    });
  });

  test("LINE_NOT_CLAIMABLE for a line that nothing is left of, or that was never sent", async () => {
    const sellerId = freshId("acc");
    const sold = await sell(database.db, { lines: [{ sellerId }] });
    const orderId = sold.orders.get(sellerId) ?? "";
    const ask = orderOf(sold, askOf(orderId, sold.lineIds[0] ?? ""));
    await expect(asking(ask)).rejects.toMatchObject(code(ClaimRefusals.LINE_NOT_CLAIMABLE));
    await change(database.db, orderId, (tx, lines) => moveLines(tx, lines, "cancel"));
    await expect(asking(ask)).rejects.toMatchObject(code(ClaimRefusals.LINE_NOT_CLAIMABLE));
  });

  test("AMOUNT_TOO_HIGH beyond what is left of the line, with what is", async () => {
    const { sold, orderId, lineIds } = await brought();
    const lineId = lineIds[0] ?? "";
    const lines = [{ lineId, pieces: 1, amount: { minor: 1_001, currency: "USD" } }];
    await expect(asking(orderOf(sold, askOf(orderId, lineId, { lines })))).rejects.toMatchObject({
      ...code(ClaimRefusals.AMOUNT_TOO_HIGH),
      data: { lines: [{ lineId, atMost: { minor: 1_000, currency: "USD" } }] },
    });
  });

  test("INVALID_INPUT for an amount in another currency", async () => {
    const { sold, orderId, lineIds } = await brought();
    const lineId = lineIds[0] ?? "";
    const lines = [{ lineId, pieces: 1, amount: { minor: 1, currency: "EUR" } }];
    await expect(asking(orderOf(sold, askOf(orderId, lineId, { lines })))).rejects.toMatchObject(
      code(CommonRefusals.INVALID_INPUT),
    );
  });

  test("PIECES_TOO_MANY beyond the pieces of the line", async () => {
    const { sold, orderId, lineIds } = await brought();
    const lineId = lineIds[0] ?? "";
    await expect(
      asking(orderOf(sold, askOf(orderId, lineId, { lines: [{ lineId, pieces: 2 }] }))),
    ).rejects.toMatchObject({
      ...code(ClaimRefusals.PIECES_TOO_MANY),
      data: { lines: [{ lineId, atMost: 1 }] },
    });
  });

  test("EVIDENCE_NEEDED for what can be seen", async () => {
    const { sold, orderId, lineIds } = await brought();
    const ask = orderOf(sold, askOf(orderId, lineIds[0] ?? ""));
    for (const reason of ["damaged", "wrong", "not_as_described"] as const)
      await expect(asking({ ...ask, reason })).rejects.toMatchObject(code(ClaimRefusals.EVIDENCE_NEEDED));
    await record({ ...ask, reason: "damaged", evidence: [freshId("fil")] }, scene());
  });

  test("CLAIM_VOIDED when its void came first, and the lines stay where they are", async () => {
    const { sold, orderId, lineIds } = await brought();
    const ask = orderOf(sold, askOf(orderId, lineIds[0] ?? ""));
    await voidClaim(ask, scene());
    await voidClaim(ask, scene());
    await expect(asking(ask)).rejects.toMatchObject(code(ClaimRefusals.CLAIM_VOIDED));
    expect(await states(orderId)).toEqual(["delivered"]);
  });
});

const code = (refusal: { readonly code: string }) => ({ code: refusal.code });
