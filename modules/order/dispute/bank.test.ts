import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Order } from "@shopnexus/contracts/order/order";
import { Claim } from "@shopnexus/contracts/order/claim";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Refund } from "@shopnexus/contracts/order/refund";
import { readConfig } from "#app/config.ts";
import { restateSql } from "#app/restate-sql.ts";
import { audit } from "#tools/audit/audit.ts";
import { askOf } from "../claim/proof/stage.ts";
import { openOrderStage, type OrderStage, type Paid, PATIENT } from "../fulfilment/proof/stage.ts";

let stage: OrderStage;
beforeAll(async () => {
  stage = await openOrderStage({ escrowMs: 400, chargebackMs: 1_500 }, { logLevel: "warn" });
});
afterAll(() => stage?.close());

const paidFor = async (minor = 2_000): Promise<Paid> => stage.buy([await stage.an.offer(minor, 5)]);
const paymentOf = async ({ checkoutId }: Paid): Promise<string> => {
  const [row] = await stage.shop
    .sql`select gateway_ref from "order".tender where checkout_id = ${checkoutId}`;
  return String(row?.["gateway_ref"]);
};
/** The buyer's bank takes the money back, all of it or so much. */
const disputes = async (paid: Paid, amount?: number): Promise<string> => {
  const given = amount === undefined ? {} : { amount };
  return stage.shop.sandbox.bank.dispute(await paymentOf(paid), given).id;
};
const decides = (disputeRef: string, outcome: "won" | "lost") =>
  stage.shop.sandbox.bank.decide(disputeRef, outcome);
const standing = async (disputeRef: string) => {
  const [row] = await stage.shop.sql`
    select status, lines_minor::int as lines, suspense_minor::int as suspense, ended_at is not null as is_over
    from "order".chargeback where dispute_ref = ${disputeRef}`;
  return row;
};
const taken = (disputeRef: string, lines: number) =>
  expect.poll(() => standing(disputeRef), PATIENT).toMatchObject({ lines, status: "open" });
const over = (disputeRef: string, status: string) =>
  expect.poll(() => standing(disputeRef), PATIENT).toMatchObject({ status, is_over: true });
const line = async ({ orderId }: Paid) => {
  const [row] = await stage.shop.sql`
    select state, reason, escrow_minor::int as escrow, returned_minor::int as returned, pieces_back
    from "order".checkout_line where order_id = ${orderId}`;
  return row;
};
const tab = async ({ orderId }: Paid) => (await stage.mai.call(Order).read({ orderId })).tab;

/** To the minor unit and the piece, and the gateway says the same. */
const clean = async (): Promise<void> => {
  const { databaseUrl, environment } = stage.shop;
  const { settings } = readConfig(environment);
  const databaseUrls = { account: databaseUrl, order: databaseUrl, inventory: databaseUrl };
  const wrong = async () =>
    (await audit({ databaseUrls, stripe: settings.stripe })).checks.filter(({ found }) => found > 0);
  await expect.poll(wrong, { timeout: 10_000, interval: 200 }).toEqual([]);
};

/** What waits with the platform for a refund, and for the bank that may take it instead. */
const suspense = async ({ checkoutId, orderId }: Paid, refundId: string): Promise<number> => {
  const [row] = await stage.shop.sql`
    select coalesce(sum(minor), 0)::int as minor from account.entry_line join account.entry using (entry_id)
    where account = 'platform:suspense' and (reference in (${checkoutId}, ${orderId}) or entry_key like ${`${refundId}%`})`;
  return Number(row?.["minor"]);
};

const walletOf = async (accountId: string): Promise<number> => {
  const [row] = await stage.shop.sql`
    select coalesce(sum(minor), 0)::int as minor from account.entry_line where account = ${`wallet:${accountId}`}`;
  return Number(row?.["minor"]);
};

/** Whether the order's run has come to its end, asked of Restate. */
const fulfilmentOf = async ({ orderId }: Paid): Promise<string> => {
  const query = `select status from sys_invocation where target = 'Fulfilment/${orderId}/run'`;
  const [run] = await restateSql<{ status: string }>(stage.shop.adminUrl, query);
  return run?.status ?? "none";
};

const fulfilled = async (paid: Paid): Promise<void> => {
  await stage.sell(paid).confirm({});
  await expect.poll(() => stage.told(paid), PATIENT).toContain("parcel_booked");
  await stage.move(paid, "delivered");
  await stage.reaches(paid, "fulfilled");
};

describe("Dispute/chargeback", () => {
  test("while a bank asks for the money of a paid order nothing is sent; won, it goes on to its end", async () => {
    const paid = await paidFor();
    const disputeRef = await disputes(paid);
    await taken(disputeRef, 2_000);
    expect(await tab(paid)).toBe("in_dispute");
    await expect(stage.sell(paid).confirm({})).rejects.toMatchObject({ code: "ORDER_DISPUTED" });
    decides(disputeRef, "won");
    await over(disputeRef, "won");
    expect(await line(paid)).toMatchObject({ state: "paid", escrow: 2_000, returned: 0 });
    await fulfilled(paid);
    await clean();
  });

  test("lost before it was sent: the line is refunded, and its pieces are there again", async () => {
    const paid = await paidFor();
    const disputeRef = await disputes(paid);
    await taken(disputeRef, 2_000);
    decides(disputeRef, "lost");
    await over(disputeRef, "lost");
    expect(await line(paid)).toMatchObject({ state: "refunded", reason: "chargeback_lost", pieces_back: 1 });
    await clean();
  });

  test("lost after the seller was paid: the seller owes it, and nobody else", async () => {
    const paid = await paidFor(3_000);
    await fulfilled(paid);
    const disputeRef = await disputes(paid, 1_000);
    await taken(disputeRef, 1_000);
    decides(disputeRef, "lost");
    await over(disputeRef, "lost");
    expect(await line(paid)).toMatchObject({ state: "fulfilled", returned: 1_000, pieces_back: 0 });
    await clean();
  });

  test("events that come twice and the wrong way round end as those that do not", async () => {
    const paid = await paidFor();
    stage.shop.sandbox.faults.set({ webhooks: { duplicate: 1, reorder: true, lateMs: 50 } });
    const disputeRef = await disputes(paid);
    decides(disputeRef, "lost");
    await over(disputeRef, "lost");
    stage.shop.sandbox.faults.clear();
    expect(await line(paid)).toMatchObject({ state: "refunded", returned: 2_000 });
    await clean();
  });

  test("an end that nobody told of is asked for when the time is over", async () => {
    const paid = await paidFor();
    const disputeRef = await disputes(paid);
    await taken(disputeRef, 2_000);
    stage.shop.sandbox.faults.set({ webhooks: { loseRate: 1 } });
    decides(disputeRef, "won");
    await over(disputeRef, "won");
    stage.shop.sandbox.faults.clear();
    expect(await line(paid)).toMatchObject({ state: "paid", escrow: 2_000 });
    expect(await line(paid)).toMatchObject({ returned: 0 });
    await clean();
  });

  test.each(["won", "lost"] as const)(
    "a refund that meets a bank's wish is made once: left to the bank, and when that is %s the books are clean",
    async (outcome) => {
      const paid = await paidFor();
      await fulfilled(paid);
      const { refundId } = await stage.mai.call(Claim).open(askOf(paid.orderId, paid.lineIds[0] ?? ""));
      stage.shop.sandbox.setWebhookUrl(undefined);
      const disputeRef = await disputes(paid);
      await stage.an.call(Refund, refundId).answer({ answer: "accept", says: "" });
      const settled = async () => (await stage.mai.call(Claim).read({ refundId })).state;
      await expect.poll(settled, PATIENT).toBe("settled");
      stage.shop.sandbox.setWebhookUrl(`${stage.shop.edgeUrl("order")}/webhooks/stripe`);
      decides(disputeRef, outcome);
      await over(disputeRef, outcome);
      expect(await line(paid)).toMatchObject({ state: "refunded", returned: 2_000 });
      const back = async () => {
        const [row] = await stage.shop.sql`select state from "order".give_back where key = ${refundId}`;
        return row?.["state"] as string | undefined;
      };
      await expect.poll(back, PATIENT).toBe(outcome === "won" ? "paid" : "left_to_bank");
      await expect.poll(() => suspense(paid, refundId), PATIENT).toBe(0);
      await clean();
    },
  );

  test("a refund that the gateway refuses once a bank is through with its part is paid into the buyer's wallet", async () => {
    const paid = await paidFor();
    await fulfilled(paid);
    const disputeRef = await disputes(paid, 500);
    await taken(disputeRef, 500);
    decides(disputeRef, "lost");
    await over(disputeRef, "lost");
    const wallet = () => walletOf(stage.mai.accountId);
    const before = await wallet();
    const { refundId } = await stage.mai.call(Claim).open(askOf(paid.orderId, paid.lineIds[0] ?? ""));
    await stage.an.call(Refund, refundId).answer({ answer: "accept", says: "" });
    const state = async () => (await stage.mai.call(Claim).read({ refundId })).state;
    await expect.poll(state, PATIENT).toBe("settled");
    expect((await wallet()) - before).toBe(1_500);
    expect(await suspense(paid, refundId)).toBe(0);
    await clean();
  });

  test("what a bank was faster with is not paid a second time by a claim", async () => {
    const paid = await paidFor();
    await fulfilled(paid);
    const { refundId } = await stage.mai.call(Claim).open(askOf(paid.orderId, paid.lineIds[0] ?? ""));
    const disputeRef = await disputes(paid, 1_600);
    await taken(disputeRef, 1_600);
    await stage.an.call(Refund, refundId).answer({ answer: "accept", says: "" });
    const view = () => stage.mai.call(Claim).read({ refundId });
    await expect.poll(async () => (await view()).state, PATIENT).toBe("settled");
    expect((await view()).paid).toEqual({ minor: 400, currency: "USD" });
    decides(disputeRef, "lost");
    await over(disputeRef, "lost");
    expect(await line(paid)).toMatchObject({ state: "refunded", returned: 2_000 });
    await clean();
  });

  test("a line that was cancelled while a bank had its money is paid back when the bank gives in", async () => {
    const paid = await paidFor();
    const disputeRef = await disputes(paid);
    await taken(disputeRef, 2_000);
    await stage.mai.call(Fulfilment, paid.orderId).cancel({});
    expect(await line(paid)).toMatchObject({ state: "cancelled", escrow: 0 });
    decides(disputeRef, "won");
    await over(disputeRef, "won");
    await expect.poll(() => stage.refunded(paid), PATIENT).toBe(2_000);
    await expect.poll(() => fulfilmentOf(paid), PATIENT).toBe("completed");
    await clean();
  });
});
