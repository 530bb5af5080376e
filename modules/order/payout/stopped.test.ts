import { afterEach, expect, test } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Earnings } from "@shopnexus/contracts/order/earnings";
import { Payout } from "@shopnexus/contracts/order/payout";
import { earner, type Earner, heldBy, transfersTo } from "#tools/testkit/earners.ts";
import { gatewayClient } from "#tools/testkit/gateway.ts";
import { operator } from "#tools/testkit/people.ts";
import { openShop, type TestShop, UNFUSED } from "#tools/testkit/shop.ts";

let shop: TestShop;
afterEach(() => shop?.stop());

const usd = (minor: number) => ({ minor, currency: "USD" });
const money = async ({ accountId, destination }: Earner) => ({
  wallet: await heldBy(shop, `wallet:${accountId}`),
  held: await heldBy(shop, `held:${accountId}`),
  sent: (await transfersTo(shop, destination)).map(({ amount }) => amount),
});

test("Payout/run: replayed before every step, a large payout is approved, sent once and given back once", async () => {
  // Restate gives up waiting at once: every await of a handler ends its attempt, and the next one replays its journal.
  const restateEnv = { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" };
  shop = await openShop(UNFUSED, { restateEnv });
  const an = await earner(shop, usd(150_000));
  const boss = await operator(shop);
  const asked = { requestKey: freshId("evt"), amount: usd(100_000) };
  const { payoutId } = await an.call(Earnings).withdraw(asked);
  const stateOf = async () => (await an.call(Earnings).read({ payoutId })).state;
  expect(await stateOf()).toBe("awaiting_approval");
  await boss.call(Payout, payoutId).decide({ verdict: "approve" });
  await expect.poll(stateOf, { timeout: 10_000 }).toBe("sent");
  await expect.poll(() => money(an)).toEqual({ wallet: 50_000, held: 0, sent: [100_000] });
  const [transfer] = await transfersTo(shop, an.destination);
  await gatewayClient(shop).transfers.createReversal(transfer?.id ?? "");
  await expect.poll(stateOf, { timeout: 10_000 }).toBe("reversed");
  await expect.poll(() => money(an)).toEqual({ wallet: 150_000, held: 0, sent: [100_000] });
});

test("Payout/run: the product killed while the provider answers, there is one transfer and one entry of it", async () => {
  shop = await openShop({ ...UNFUSED, where: "children" });
  const an = await earner(shop, usd(50_000));
  const slow = { match: "POST /v1/transfers", kind: "latency", ms: 1_000 } as const;
  shop.sandbox.faults.set({ next: [{ ...slow, times: 1 }] });
  const asked = { requestKey: freshId("evt"), amount: usd(30_000) };
  const { payoutId } = await an.call(Earnings).withdraw(asked);
  const rowState = async () =>
    (await shop.sql`select state from "order".payout where payout_id = ${payoutId}`)[0]?.["state"];
  await expect.poll(rowState, { timeout: 10_000 }).toBe("sending");
  await shop.kill();
  await shop.begin();
  await expect.poll(rowState, { timeout: 20_000 }).toBe("sent");
  await expect
    .poll(() => money(an), { timeout: 10_000 })
    .toEqual({ wallet: 20_000, held: 0, sent: [30_000] });
});
