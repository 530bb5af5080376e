import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { eq } from "drizzle-orm";
import { payout } from "#db/order/payouts.ts";
import { advance } from "./advance.ts";
import { cancel } from "./cancel.ts";
import { claim } from "./claim.ts";
import { close } from "./close.ts";
import { decide } from "./decide.ts";
import { find } from "./find.ts";
import { openTransferStage, type TransferStage } from "./proof/stage.ts";

let stage: TransferStage;
beforeAll(async () => {
  stage = await openTransferStage();
});
afterAll(() => stage?.close());

const LARGE = 100_000;
const usd = (minor: number) => ({ minor, currency: "USD" });
const ask = (accountId: string, minor: number, requestKey = freshId("evt")) => ({
  accountId,
  requestKey,
  amount: usd(minor),
  isScheduled: false,
});
const turn = (payoutId: string, isSuspended = false) => advance({ payoutId, isSuspended }, stage.scene());
const waiting = async (): Promise<string> => {
  const { payoutId } = await stage.claimed(LARGE);
  expect(await turn(payoutId)).toMatchObject({ state: "awaiting_approval" });
  return payoutId;
};
const word = (payoutId: string, decision: "approved" | "denied", callKey: string = freshId("evt")) =>
  decide({ payoutId, decision, note: "Because.", decidedBy: freshId("acc") }, stage.scene({ callKey }));
const codes = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  outcomes.map((outcome) => (outcome.status === "rejected" ? outcome.reason.code : "done"));

describe("Transfer/claim", () => {
  it("the same account, key and amount is the same payout, twenty times at once and for ever", async () => {
    const { accountId, destination } = await stage.seller();
    const input = ask(accountId, 2_500);
    const views = await Promise.all(Array.from({ length: 20 }, () => claim(input, stage.scene())));
    expect(new Set(views.map(({ payoutId }) => payoutId)).size).toBe(1);
    expect(views[0]).toMatchObject({ state: "requested", amount: usd(2_500), needsApproval: false });
    expect(await stage.row(views[0]?.payoutId ?? "")).toMatchObject({ destination, last4: "4242" });
  });

  it("another amount under the same key is refused (PAYOUT_KEY_REUSED); under the same key of another seller it is theirs", async () => {
    const [an, binh] = [await stage.seller(), await stage.seller()];
    const first = await claim(ask(an.accountId, 2_500, "the-same-key"), stage.scene());
    await expect(claim(ask(an.accountId, 2_501, "the-same-key"), stage.scene())).rejects.toMatchObject({
      code: "PAYOUT_KEY_REUSED",
    });
    const second = await claim(ask(binh.accountId, 2_501, "the-same-key"), stage.scene());
    expect(second.payoutId).not.toBe(first.payoutId);
  });

  it("less than the minimum is refused (PAYOUT_TOO_SMALL) with the minimum, in whole units of its currency", async () => {
    const { accountId } = await stage.seller();
    await expect(claim(ask(accountId, 999), stage.scene())).rejects.toMatchObject({
      code: "PAYOUT_TOO_SMALL",
      data: { minimum: usd(1_000) },
    });
    expect(await claim(ask(accountId, 1_000), stage.scene())).toMatchObject({ state: "requested" });
    const dong = { ...ask((await stage.seller("VND")).accountId, 0), amount: { minor: 9, currency: "VND" } };
    await expect(claim(dong, stage.scene())).rejects.toMatchObject({ code: "PAYOUT_TOO_SMALL" });
  });

  it("a currency without a bank account is refused (BANK_MISSING), and nothing stays of it", async () => {
    const { accountId } = await stage.seller("EUR");
    const input = ask(accountId, 2_500);
    await expect(claim(input, stage.scene())).rejects.toMatchObject({
      code: "BANK_MISSING",
      data: { currency: "USD" },
    });
    const rows = await stage.database.db.select().from(payout).where(eq(payout.accountId, accountId));
    expect(rows).toEqual([]);
  });
});

describe("Transfer/advance", () => {
  it("a small payout is cleared, a large one waits, escalates and is denied when nobody says anything", async () => {
    expect(await turn((await stage.claimed(LARGE - 1)).payoutId)).toMatchObject({ state: "cleared" });
    const payoutId = await waiting();
    const first = await turn(payoutId);
    expect(first).toMatchObject({ isEscalated: false, decision: null });
    expect(first.waitMs).toBeLessThanOrEqual(60);
    await expect.poll(() => turn(payoutId), { interval: 20 }).toMatchObject({ isEscalated: true });
    await expect.poll(() => turn(payoutId), { interval: 20 }).toMatchObject({ decision: "expired" });
    await expect(word(payoutId, "approved")).rejects.toMatchObject({ code: "PAYOUT_DECIDED" });
  });

  it("a word that comes in at the very deadline is either heard or refused, and stays", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, waiting));
    const raced = await Promise.all(
      ids.map(async (payoutId) => {
        const until = Date.now() + 130;
        while (Date.now() < until) await turn(payoutId);
        const [outcome] = await Promise.allSettled([word(payoutId, "approved"), turn(payoutId)]);
        const after = await turn(payoutId);
        return outcome.status === "fulfilled"
          ? after.state === "cleared" && after.decision === "approved"
          : after.decision === "expired";
      }),
    );
    expect(raced).toEqual(ids.map(() => true));
  });

  it("a suspended seller's payout waits without end, and goes on when that is over", async () => {
    const { payoutId } = await stage.claimed(2_500);
    expect(await turn(payoutId, true)).toMatchObject({ state: "suspended", decision: null });
    expect(await turn(payoutId, true)).toMatchObject({ state: "suspended" });
    expect(await turn(payoutId)).toMatchObject({ state: "cleared" });
  });

  it("nothing that is over is moved again", async () => {
    const { payoutId } = await stage.claimed(2_500);
    const refused = { code: "FUNDS_SHORT", status: 409, message: "", data: {} };
    await close({ payoutId, refused }, stage.scene());
    expect(await turn(payoutId)).toMatchObject({ state: "refused" });
  });
});

describe("Transfer/decide", () => {
  it("of twenty operators at once one decides, and nineteen are told so (PAYOUT_DECIDED)", async () => {
    const payoutId = await waiting();
    const verdicts = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? "approved" : "denied"));
    const told = codes(await Promise.allSettled(verdicts.map((verdict) => word(payoutId, verdict))));
    expect(told.filter((one) => one === "done")).toHaveLength(1);
    expect(told.filter((one) => one === "PAYOUT_DECIDED")).toHaveLength(19);
    expect((await stage.row(payoutId))?.decision).toBe(verdicts[told.indexOf("done")]);
  });

  it("the same call again is its own word, also from the same operator nothing else is", async () => {
    const payoutId = await waiting();
    const first = await word(payoutId, "denied", "one-call");
    expect(await word(payoutId, "denied", "one-call")).toEqual(first);
    await expect(word(payoutId, "denied", "another-call")).rejects.toMatchObject({
      code: "PAYOUT_DECIDED",
      data: { decision: "denied" },
    });
  });

  it("what does not wait has nothing to decide (PAYOUT_DECIDED), what is not there is PAYOUT_UNKNOWN", async () => {
    const { payoutId } = await stage.cleared(2_500);
    await expect(word(payoutId, "denied")).rejects.toMatchObject({ code: "PAYOUT_DECIDED" });
    await expect(word(freshId("pay"), "denied")).rejects.toMatchObject({ code: "PAYOUT_UNKNOWN" });
  });
});

describe("Transfer/cancel and find", () => {
  it("its seller takes a waiting payout back, once and again; an operator's word before that stands", async () => {
    const payoutId = await waiting();
    const accountId = (await stage.row(payoutId))?.accountId ?? "";
    for (let times = 0; times < 2; times += 1)
      expect(await cancel({ payoutId, accountId }, stage.scene())).toMatchObject({ decision: "cancelled" });
    const approved = await waiting();
    await word(approved, "approved");
    const owner = (await stage.row(approved))?.accountId ?? "";
    await expect(cancel({ payoutId: approved, accountId: owner }, stage.scene())).rejects.toMatchObject({
      code: "PAYOUT_DECIDED",
    });
  });

  it("somebody else's is PAYOUT_UNKNOWN, as one that never was", async () => {
    const payoutId = await waiting();
    for (const one of [payoutId, freshId("pay")]) {
      const theirs = { payoutId: one, accountId: freshId("acc") };
      await expect(cancel(theirs, stage.scene())).rejects.toMatchObject({ code: "PAYOUT_UNKNOWN" });
      await expect(find(theirs, stage.scene())).rejects.toMatchObject({ code: "PAYOUT_UNKNOWN" });
    }
  });
});

describe("the database itself", () => {
  const write = (payoutId: string, columns: Partial<typeof payout.$inferInsert>) =>
    stage.database.db.update(payout).set(columns).where(eq(payout.payoutId, payoutId));
  const broken = (constraint: string) => ({ cause: { constraint_name: constraint } });

  it("refuses to clear a large payout that nobody approved, and to send one without a transfer", async () => {
    const payoutId = await waiting();
    await expect(write(payoutId, { state: "cleared" })).rejects.toMatchObject(
      broken("payout_large_and_unapproved"),
    );
    const { payoutId: small } = await stage.cleared(2_500);
    await expect(write(small, { state: "sent" })).rejects.toMatchObject(
      broken("payout_sent_without_transfer"),
    );
    await expect(write(small, { returnedMinor: 2_501 })).rejects.toMatchObject(
      broken("payout_returned_more_than_sent"),
    );
  });
});
