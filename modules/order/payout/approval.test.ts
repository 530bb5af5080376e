import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Profile } from "@shopnexus/contracts/account/profile";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Mail } from "@shopnexus/contracts/common/mail";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Earnings } from "@shopnexus/contracts/order/earnings";
import { Payout } from "@shopnexus/contracts/order/payout";
import { cancelRun } from "#tools/testkit/console.ts";
import { earner, type Earner, heldBy, transfersTo } from "#tools/testkit/earners.ts";
import { operator, type Person } from "#tools/testkit/people.ts";
import { openShop, type TestShop, UNFUSED } from "#tools/testkit/shop.ts";

const APPROVAL_MS = 1_500;
const OPERATORS = "operators@example.com";

let shop: TestShop;
let boss: Person;
beforeAll(async () => {
  const environment = { DEADLINES: `approvalMs=${APPROVAL_MS},transferMs=150`, MAIL_OPERATORS: OPERATORS };
  shop = await openShop(UNFUSED, { environment });
  boss = await operator(shop);
});
afterAll(() => shop?.stop());

const LARGE = 100_000;
const usd = (minor: number) => ({ minor, currency: "USD" });

/** A seller, and a payout of all that there is, which waits. */
const waiting = async (): Promise<{ an: Earner; payoutId: string }> => {
  const an = await earner(shop, usd(LARGE));
  const view = await an.call(Earnings).withdraw({ requestKey: freshId("evt"), amount: usd(LARGE) });
  expect(view).toMatchObject({ state: "awaiting_approval", needsApproval: true });
  return { an, payoutId: view.payoutId };
};
const becomes = (an: Person, payoutId: string, state: string) =>
  expect
    .poll(async () => (await boss.call(Earnings).find({ accountId: idOf(an) })).items[0]?.state, {
      timeout: 10_000,
    })
    .toBe(state);
const idOf = ({ accountId }: Person): string => accountId;
const money = async ({ accountId, destination }: Earner) => ({
  wallet: await heldBy(shop, `wallet:${accountId}`),
  held: await heldBy(shop, `held:${accountId}`),
  sent: (await transfersTo(shop, destination)).map(({ amount }) => amount),
});
const ALL_BACK = { wallet: LARGE, held: 0, sent: [] };
const ALL_SENT = { wallet: 0, held: 0, sent: [LARGE] };
const lettersOf = async (payoutId: string) =>
  (await boss.call(Mail).find({ keyPrefix: payoutId })).items
    .map(({ template, recipient }) => (recipient === OPERATORS ? `operators: ${template}` : template))
    .toSorted();
/** How the run ended: the code of its refusal, if it was refused. */
const endOf = async (payoutId: string): Promise<string | undefined> => {
  const response = await fetch(`${shop.ingressUrl}/restate/workflow/Payout/${payoutId}/attach`);
  return ((await response.json()) as { metadata?: { code?: string } }).metadata?.code;
};

describe("a large payout", () => {
  it("is held and not sent until an operator approves it", async () => {
    const { an, payoutId } = await waiting();
    expect(await money(an)).toEqual({ wallet: 0, held: LARGE, sent: [] });
    expect(await boss.call(Payout, payoutId).decide({ verdict: "approve" })).toMatchObject({
      decision: "approved",
    });
    await becomes(an, payoutId, "sent");
    await expect.poll(() => money(an)).toEqual(ALL_SENT);
    await expect.poll(() => lettersOf(payoutId)).toEqual(["payout_sent", "payout_waiting"]);
  });

  it("that is denied (PAYOUT_DENIED) goes back to the wallet, and the seller is told", async () => {
    const { an, payoutId } = await waiting();
    await boss.call(Payout, payoutId).decide({ verdict: "deny", note: "Too many returns." });
    expect(await endOf(payoutId)).toBe("PAYOUT_DENIED");
    expect(await an.call(Earnings).read({ payoutId })).toMatchObject({
      state: "denied",
      note: "Too many returns.",
    });
    expect(await money(an)).toEqual(ALL_BACK);
    await expect.poll(() => lettersOf(payoutId)).toEqual(["payout_failed", "payout_waiting"]);
  });

  it("that twenty operators decide at once is decided by one, and nineteen are told so (PAYOUT_DECIDED)", async () => {
    const { an, payoutId } = await waiting();
    const verdicts = Array.from({ length: 20 }, (_, at) =>
      at % 2 === 0 ? ("approve" as const) : ("deny" as const),
    );
    const told = await Promise.allSettled(
      verdicts.map((verdict) => boss.call(Payout, payoutId).decide({ verdict })),
    );
    const codes = told.map((one) => (one.status === "rejected" ? one.reason.code : "done"));
    expect(codes.filter((code) => code === "PAYOUT_DECIDED")).toHaveLength(19);
    const isApproved = verdicts[codes.indexOf("done")] === "approve";
    await becomes(an, payoutId, isApproved ? "sent" : "denied");
    await expect.poll(() => money(an)).toEqual(isApproved ? ALL_SENT : ALL_BACK);
  });

  it("can be taken back by its seller (PAYOUT_CANCELLED) as long as it waits, and by nobody else", async () => {
    const { an, payoutId } = await waiting();
    const eve = await earner(shop, usd(0));
    await expect(eve.call(Payout, payoutId).cancel({})).rejects.toMatchObject({ code: "PAYOUT_UNKNOWN" });
    await expect(eve.call(Payout, "no-such-key").cancel({})).rejects.toMatchObject({
      code: "PAYOUT_UNKNOWN",
    });
    await expect(an.call(Payout, payoutId).decide({ verdict: "approve" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await an.call(Payout, payoutId).cancel({});
    expect(await an.call(Payout, payoutId).cancel({})).toMatchObject({ decision: "cancelled" });
    expect(await endOf(payoutId)).toBe("PAYOUT_CANCELLED");
    expect(await money(an)).toEqual(ALL_BACK);
    await expect(boss.call(Payout, payoutId).decide({ verdict: "approve" })).rejects.toMatchObject({
      code: "PAYOUT_DECIDED",
    });
  });

  it("that nobody says anything about is told to operators, and after the same time again denied", async () => {
    const { an, payoutId } = await waiting();
    await expect
      .poll(() => lettersOf(payoutId), { timeout: 10_000 })
      .toEqual(["operators: operator_alert", "payout_waiting"]);
    expect(await an.call(Earnings).read({ payoutId })).toMatchObject({ state: "awaiting_approval" });
    const told = await shop.sql`select kind from common.event where subject = ${payoutId}`;
    expect(told.map(({ kind }) => kind)).toEqual(["payout.escalated"]);
    await becomes(an, payoutId, "denied");
    expect(await money(an)).toEqual(ALL_BACK);
    expect(await an.call(Earnings).read({ payoutId })).toMatchObject({ decision: "expired" });
  });

  it("that an operator approves after it was escalated is sent all the same", async () => {
    const { an, payoutId } = await waiting();
    await expect.poll(() => lettersOf(payoutId), { timeout: 10_000 }).toContain("operators: operator_alert");
    await boss.call(Payout, payoutId).decide({ verdict: "approve" });
    await becomes(an, payoutId, "sent");
    await expect.poll(() => money(an)).toEqual(ALL_SENT);
  });

  it("whose run an operator stops (PAYOUT_STOPPED) goes back to the wallet", async () => {
    const { an, payoutId } = await waiting();
    await cancelRun(shop.adminUrl, `Payout/${payoutId}/run`);
    await becomes(an, payoutId, "failed");
    expect(await an.call(Earnings).read({ payoutId })).toMatchObject({ refused: { code: "PAYOUT_STOPPED" } });
    expect(await money(an)).toEqual(ALL_BACK);
  });

  it("of a suspended seller waits though it is approved, and is sent when the suspension ends", async () => {
    const { an, payoutId } = await waiting();
    await boss.call(Profile).suspend({ accountId: an.accountId, reason: "A doubt." });
    await boss.call(Payout, payoutId).decide({ verdict: "approve" });
    await becomes(an, payoutId, "suspended");
    expect(await money(an)).toEqual({ wallet: 0, held: LARGE, sent: [] });
    await boss.call(Profile).lift({ accountId: an.accountId });
    await becomes(an, payoutId, "sent");
    await expect.poll(() => money(an)).toEqual(ALL_SENT);
  });

  it("is seen by operators among those that wait", async () => {
    const { payoutId } = await waiting();
    const { items } = await boss.call(Earnings).find({ state: "awaiting_approval", limit: 100 });
    expect(items.map((one) => one.payoutId)).toContain(payoutId);
    const feed = await boss.call(Feed).read({ limit: 100 });
    expect(feed.items.filter(({ subject }) => subject === payoutId)).toEqual([]);
  });
});
