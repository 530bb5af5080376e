import { afterAll, beforeAll, expect, it } from "vitest";
import { Mail } from "@shopnexus/contracts/common/mail";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Earnings } from "@shopnexus/contracts/order/earnings";
import { earner, heldBy, transfersTo } from "#tools/testkit/earners.ts";
import { gatewayClient } from "#tools/testkit/gateway.ts";
import { operator, type Person } from "#tools/testkit/people.ts";
import { openShop, type TestShop, UNFUSED } from "#tools/testkit/shop.ts";

/** Looked at by itself, a transfer is asked after in an hour: what is found here, an event has told. */
let shop: TestShop;
let boss: Person;
beforeAll(async () => {
  shop = await openShop(UNFUSED);
  boss = await operator(shop);
});
afterAll(() => shop?.stop());

const sent = async (minor: number) => {
  const an = await earner(shop, { minor, currency: "USD" });
  const amount = { minor, currency: "USD" };
  const { payoutId } = await an.call(Earnings).withdraw({ requestKey: freshId("evt"), amount });
  const read = () => an.call(Earnings).read({ payoutId });
  await expect.poll(async () => (await read()).state, { timeout: 10_000 }).toBe("sent");
  const [transfer] = await transfersTo(shop, an.destination);
  return { payoutId, read, transferId: transfer?.id ?? "", wallet: `wallet:${an.accountId}` };
};
const lettersOf = async (payoutId: string) =>
  (await boss.call(Mail).find({ keyPrefix: payoutId })).items.map(({ template }) => template).toSorted();

it("an event of a transfer that the bank gave back, delivered ten times, puts the money back once, and tells the seller", async () => {
  const { payoutId, read, transferId, wallet } = await sent(3_000);
  shop.sandbox.faults.set({ webhooks: { duplicate: 1 } });
  await gatewayClient(shop).transfers.createReversal(transferId);
  await expect.poll(async () => (await read()).state, { timeout: 10_000 }).toBe("reversed");
  await expect.poll(() => heldBy(shop, wallet)).toBe(3_000);
  await replay("transfer.reversed", 10);
  await expect.poll(() => lettersOf(payoutId)).toEqual(["payout_failed", "payout_sent"]);
  expect(await heldBy(shop, wallet)).toBe(3_000);
  shop.sandbox.faults.clear();
});

it("a part that comes back is a part in the wallet; the rest stays sent", async () => {
  const { read, transferId, wallet } = await sent(3_000);
  await gatewayClient(shop).transfers.createReversal(transferId, { amount: 1_000 });
  await expect.poll(() => heldBy(shop, wallet), { timeout: 10_000 }).toBe(1_000);
  expect(await read()).toMatchObject({ state: "sent", returned: { minor: 1_000 } });
  await gatewayClient(shop).transfers.createReversal(transferId);
  await expect.poll(() => heldBy(shop, wallet), { timeout: 10_000 }).toBe(3_000);
  expect(await read()).toMatchObject({ state: "reversed", returned: { minor: 3_000 } });
});

/** Delivers the newest event of a kind again, and waits until all its copies are answered. */
const replay = async (kind: string, times: number): Promise<void> => {
  const [event] = (await gatewayClient(shop).events.list({ type: kind, limit: 1 })).data;
  const body = JSON.stringify({ eventId: event?.id, times });
  await fetch(`${shop.sandbox.url}/sandbox/webhooks/replay`, { method: "POST", body });
  const waiting = async () => {
    const response = await fetch(`${shop.sandbox.url}/sandbox/deliveries?event=${event?.id}&limit=100`);
    const { data } = (await response.json()) as { data: { state: string }[] };
    return data.filter(({ state }) => state !== "delivered").length;
  };
  await expect.poll(waiting, { timeout: 10_000 }).toBe(0);
};
