import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Profile } from "@shopnexus/contracts/account/profile";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Mail } from "@shopnexus/contracts/common/mail";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Earnings } from "@shopnexus/contracts/order/earnings";
import { earner, type Earner, fund, heldBy, transfersTo } from "#tools/testkit/earners.ts";
import { buyer, insider, operator, type Person } from "#tools/testkit/people.ts";
import { openShop, type TestShop, UNFUSED } from "#tools/testkit/shop.ts";

let shop: TestShop;
let boss: Person;
beforeAll(async () => {
  shop = await openShop(UNFUSED, { environment: { DEADLINES: "transferMs=150" } });
  boss = await operator(shop);
});
afterAll(() => shop?.stop());
afterEach(() => shop.sandbox.faults.clear());

const usd = (minor: number) => ({ minor, currency: "USD" });
const withdraw = (an: Person, minor: number, requestKey = freshId("evt")) =>
  an.call(Earnings).withdraw({ requestKey, amount: usd(minor) });
const stateOf = async (an: Person, payoutId: string) => (await an.call(Earnings).read({ payoutId })).state;
const becomes = (an: Person, payoutId: string, state: string) =>
  expect.poll(() => stateOf(an, payoutId), { timeout: 10_000 }).toBe(state);
const money = async ({ accountId, destination }: Earner) => ({
  wallet: await heldBy(shop, `wallet:${accountId}`),
  held: await heldBy(shop, `held:${accountId}`),
  sent: (await transfersTo(shop, destination)).map(({ amount }) => amount).toSorted((a, b) => a - b),
});
const lettersOf = async (payoutId: string) =>
  (await boss.call(Mail).find({ keyPrefix: payoutId })).items.map(({ template }) => template).toSorted();

describe("Earnings/withdraw", () => {
  it("what is asked for leaves the wallet, arrives at the bank once, and the seller is told; a repeat is the same payout", async () => {
    const an = await earner(shop, usd(5_000));
    const requestKey = freshId("evt");
    const views = await Promise.all(Array.from({ length: 5 }, () => withdraw(an, 3_000, requestKey)));
    expect(new Set(views.map(({ payoutId }) => payoutId)).size).toBe(1);
    const payoutId = views[0]?.payoutId ?? "";
    await becomes(an, payoutId, "sent");
    await expect.poll(() => money(an)).toEqual({ wallet: 2_000, held: 0, sent: [3_000] });
    await expect.poll(() => lettersOf(payoutId)).toEqual(["payout_sent"]);
    expect(await withdraw(an, 3_000, requestKey)).toMatchObject({ payoutId, state: "sent" });
    await expect(withdraw(an, 3_001, requestKey)).rejects.toMatchObject({ code: "PAYOUT_KEY_REUSED" });
    expect(await money(an)).toEqual({ wallet: 2_000, held: 0, sent: [3_000] });
  });

  it("more than there is is refused (FUNDS_SHORT), and stays so for its key when money comes", async () => {
    const an = await earner(shop, usd(2_000));
    const requestKey = freshId("evt");
    await expect(withdraw(an, 3_000, requestKey)).rejects.toMatchObject({ code: "FUNDS_SHORT" });
    await fund(shop, an.accountId, usd(5_000));
    await expect(withdraw(an, 3_000, requestKey)).rejects.toMatchObject({ code: "FUNDS_SHORT" });
    expect(await money(an)).toEqual({ wallet: 7_000, held: 0, sent: [] });
    expect((await an.call(Earnings).list({})).items).toMatchObject([{ state: "refused" }]);
  });

  it("too little and a currency without a bank account are refused: PAYOUT_TOO_SMALL, BANK_MISSING", async () => {
    const an = await earner(shop, usd(5_000));
    await expect(withdraw(an, 999)).rejects.toMatchObject({ code: "PAYOUT_TOO_SMALL" });
    const euros = { requestKey: freshId("evt"), amount: { minor: 3_000, currency: "EUR" } };
    await expect(an.call(Earnings).withdraw(euros)).rejects.toMatchObject({ code: "BANK_MISSING" });
  });

  it("of twenty at once on a wallet for five, five are sent and fifteen FUNDS_SHORT; every cent is in one place", async () => {
    const an = await earner(shop, usd(5_500));
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => withdraw(an, 1_000)));
    const refused = asked.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    expect(refused).toEqual(Array.from({ length: 15 }, () => "FUNDS_SHORT"));
    await expect
      .poll(() => money(an), { timeout: 10_000 })
      .toEqual({ wallet: 500, held: 0, sent: Array.from({ length: 5 }, () => 1_000) });
  });

  it("a wallet that owes is never paid out", async () => {
    const an = await earner(shop, usd(0));
    const entry = freshId("evt");
    await (await insider(shop)).call(Wallet).post({
      entryKey: entry,
      kind: "refund",
      reference: entry,
      overdraws: true,
      lines: [
        { account: `wallet:${an.accountId}`, ...usd(-4_000) },
        { account: "platform:losses", ...usd(4_000) },
      ],
    });
    await expect(withdraw(an, 1_000)).rejects.toMatchObject({ code: "FUNDS_SHORT" });
    expect(await money(an)).toEqual({ wallet: -4_000, held: 0, sent: [] });
  });

  it("who is suspended is told so (ACCOUNT_SUSPENDED), and no money moves", async () => {
    const an = await earner(shop, usd(5_000));
    await boss.call(Profile).suspend({ accountId: an.accountId, reason: "A doubt." });
    await expect(withdraw(an, 3_000)).rejects.toMatchObject({ code: "ACCOUNT_SUSPENDED" });
    expect(await money(an)).toEqual({ wallet: 5_000, held: 0, sent: [] });
  });

  it("is for sellers: a buyer is FORBIDDEN, and of another seller's payout nobody learns", async () => {
    const [an, binh, mai] = [await earner(shop, usd(5_000)), await earner(shop, usd(0)), await buyer(shop)];
    await expect(withdraw(mai, 3_000)).rejects.toMatchObject({ code: "FORBIDDEN" });
    const { payoutId } = await withdraw(an, 3_000);
    await expect(binh.call(Earnings).read({ payoutId })).rejects.toMatchObject({ code: "PAYOUT_UNKNOWN" });
    expect(await binh.call(Earnings).list({})).toEqual({ items: [] });
    await expect(an.call(Earnings).find({})).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("a transfer", () => {
  it("that the provider is down for is sent once it is up, once", async () => {
    const an = await earner(shop, usd(5_000));
    shop.sandbox.faults.set({ errorRate: 1 });
    const { payoutId } = await withdraw(an, 3_000);
    await becomes(an, payoutId, "sending");
    shop.sandbox.faults.clear();
    await becomes(an, payoutId, "sent");
    await expect.poll(() => money(an)).toEqual({ wallet: 2_000, held: 0, sent: [3_000] });
  });

  it("whose answer is lost is found again: one transfer", async () => {
    const an = await earner(shop, usd(5_000));
    shop.sandbox.faults.set({ next: [{ match: "POST /v1/transfers", kind: "cut", times: 3 }] });
    const { payoutId } = await withdraw(an, 3_000);
    await becomes(an, payoutId, "sent");
    await expect.poll(() => money(an)).toEqual({ wallet: 2_000, held: 0, sent: [3_000] });
  });

  it("that is refused (TRANSFER_REFUSED: the account is closed) frees the money, and the seller is told why", async () => {
    const an = await earner(shop, usd(5_000));
    shop.sandbox.bank.setAccountClosed(an.destination, true);
    const { payoutId } = await withdraw(an, 3_000);
    await becomes(an, payoutId, "failed");
    expect(await an.call(Earnings).read({ payoutId })).toMatchObject({
      refused: { code: "TRANSFER_REFUSED", data: { reason: "insufficient_capabilities_for_transfer" } },
    });
    expect(await money(an)).toEqual({ wallet: 5_000, held: 0, sent: [] });
    await expect.poll(() => lettersOf(payoutId)).toEqual(["payout_failed"]);
  });

  it("that the bank gives back, unheard, is found by looking: the money is in the wallet again, once, and can be sent again", async () => {
    shop.sandbox.setWebhookUrl(undefined);
    const an = await earner(shop, usd(5_000));
    const { payoutId } = await withdraw(an, 3_000);
    await becomes(an, payoutId, "sent");
    const [transfer] = await transfersTo(shop, an.destination);
    await reverse(transfer?.id ?? "");
    await becomes(an, payoutId, "reversed");
    await expect.poll(async () => (await money(an)).wallet).toBe(5_000);
    await expect.poll(() => lettersOf(payoutId)).toEqual(["payout_failed", "payout_sent"]);
    const again = await withdraw(an, 5_000);
    await becomes(an, again.payoutId, "sent");
    await expect.poll(() => money(an)).toEqual({ wallet: 0, held: 0, sent: [3_000, 5_000] });
    expect(await heldBy(shop, "bank:stripe")).toBe(await keptByBanks());
  });
});

const reverse = async (transferId: string): Promise<void> => {
  const response = await fetch(`${shop.sandbox.url}/v1/transfers/${transferId}/reversals`, {
    method: "POST",
    headers: { authorization: `Bearer ${shop.secretKey}` },
  });
  expect(response.status).toBe(200);
};

/** What went out to all banks and did not come back, as the provider counts it. */
const keptByBanks = async (): Promise<number> => {
  const response = await fetch(`${shop.sandbox.url}/sandbox/state`);
  const { transferred } = (await response.json()) as { transferred: Record<string, number> };
  return transferred["usd"] ?? 0;
};
