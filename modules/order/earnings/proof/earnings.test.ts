import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sql } from "drizzle-orm";
import { freshId } from "@shopnexus/contracts/kit/id";
import { epochMs } from "@shopnexus/contracts/kit/time";
import type { Due, PayoutSchedule } from "@shopnexus/contracts/order/earnings";
import { payoutSchedule } from "#db/order/payouts.ts";
import { asAccount, asModule } from "#tools/testkit/scene.ts";
import { openTransferStage, type TransferStage } from "../../transfer/proof/stage.ts";
import { bankHistory } from "../bank-history.ts";
import { banks } from "../banks.ts";
import { claimDue } from "../claim-due.ts";
import { find } from "../find.ts";
import { list } from "../list.ts";
import { putBank } from "../put-bank.ts";
import { putSchedule } from "../put-schedule.ts";
import { read } from "../read.ts";
import { schedule as readSchedule } from "../schedule.ts";

let stage: TransferStage;
beforeAll(async () => {
  stage = await openTransferStage();
});
afterAll(() => stage?.close());

const as = (accountId: string, callKey: string = freshId("evt")) =>
  stage.scene({ who: asAccount(accountId, "seller"), callKey });
const asBoss = () => stage.scene({ who: asAccount(undefined, "operator") });
const bank = (last4: string, currency = "USD") => ({
  currency,
  holder: "Some Shop",
  destination: `acct_${last4}`,
  last4,
});

describe("Earnings/putBank", () => {
  it("one bank account a currency, the last that was put; the same again changes nothing", async () => {
    const an = freshId("acc");
    await putBank(bank("1111"), as(an));
    await putBank(bank("2222"), as(an));
    await putBank(bank("2222"), as(an));
    await putBank(bank("3333", "EUR"), as(an));
    expect(await banks({}, as(an))).toEqual({ banks: [bank("3333", "EUR"), bank("2222")] });
    expect(await banks({}, as(freshId("acc")))).toEqual({ banks: [] });
  });

  it("every change stays to be read by operators, newest first, page by page, with who made it", async () => {
    const an = freshId("acc");
    for (const last4 of ["1111", "2222", "3333"]) await putBank(bank(last4), as(an));
    const first = await bankHistory({ accountId: an, limit: 2 }, asBoss());
    expect(first.items).toMatchObject([
      { last4: "3333", changedBy: an },
      { last4: "2222", changedBy: an },
    ]);
    const second = await bankHistory({ accountId: an, limit: 2, after: first.next ?? "" }, asBoss());
    expect(second.items).toMatchObject([{ last4: "1111" }]);
    expect(second.next).toBeUndefined();
  });

  it("a late repeat does not undo a later change; of twenty at once none is lost", async () => {
    const an = freshId("acc");
    await putBank(bank("1111"), as(an, "first-call"));
    await putBank(bank("2222"), as(an));
    expect(await putBank(bank("1111"), as(an, "first-call"))).toEqual(bank("2222"));
    const many = Array.from({ length: 20 }, (_, at) => bank(String(1_000 + at), "EUR"));
    await Promise.all(many.map((one) => putBank(one, as(an))));
    const { items } = await bankHistory({ accountId: an, limit: 100 }, asBoss());
    expect(items.filter(({ currency }) => currency === "EUR")).toHaveLength(20);
  });
});

describe("Earnings/putSchedule", () => {
  it("is by hand until it is put, and the same again does not put the next time off", async () => {
    const an = freshId("acc");
    expect(await readSchedule({}, as(an))).toEqual({ schedule: { every: "manual" }, nextAt: null });
    const weekly: PayoutSchedule = { every: "weekly", weekday: 1 };
    const first = await putSchedule({ schedule: weekly }, as(an));
    expect(epochMs(first.nextAt ?? "")).toBeGreaterThan(Date.now());
    await stage.database.db.execute(
      sql`update ${payoutSchedule} set next_at = next_at - interval '1 hour' where account_id = ${an}`,
    );
    const again = await putSchedule({ schedule: weekly }, as(an));
    expect(epochMs(first.nextAt ?? "") - epochMs(again.nextAt ?? "")).toBe(3_600_000);
    expect((await putSchedule({ schedule: { every: "weekly", weekday: 2 } }, as(an))).nextAt).not.toBe(
      again.nextAt,
    );
    expect(await putSchedule({ schedule: { every: "manual" } }, as(an))).toEqual({
      schedule: { every: "manual" },
      nextAt: null,
    });
  });
});

describe("Earnings/claimDue", () => {
  const due = async (count: number): Promise<Set<string>> => {
    const ids = Array.from({ length: count }, () => freshId("acc"));
    for (const accountId of ids) {
      await putSchedule({ schedule: { every: "daily" } }, as(accountId));
      await putBank(bank("1111"), as(accountId));
    }
    await stage.database.db.execute(
      sql`update ${payoutSchedule} set next_at = now() - interval '1 minute' where account_id = any(${sql.raw(`array['${ids.join("','")}']`)})`,
    );
    return new Set(ids);
  };
  const take = async (limit = 200, callKey: string = freshId("evt")): Promise<Due[]> =>
    (await claimDue({ limit }, stage.scene({ who: asModule("order"), callKey }))).due;

  it("of twenty clocks at once no two take the same, and together they take all", async () => {
    const ids = await due(30);
    const taken = (await Promise.all(Array.from({ length: 20 }, () => take(5)))).flat();
    const left = await take();
    const all = [...taken, ...left].map(({ accountId }) => accountId).filter((one) => ids.has(one));
    expect(all).toHaveLength(ids.size);
    expect(new Set(all)).toEqual(ids);
    expect(taken[0]).toMatchObject({ currencies: ["USD"] });
    expect(await take()).toEqual([]);
  });

  it("a repeat of one call finds what it took, and takes nothing more", async () => {
    await due(3);
    const first = await take(2, "a-call");
    expect(first).toHaveLength(2);
    const order = (list: Due[]) => list.toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1));
    expect(order(await take(2, "a-call"))).toEqual(order(first));
    expect(await take(2)).toHaveLength(1);
  });
});

describe("Earnings, read", () => {
  it("a seller reads the own payouts page by page; another's is PAYOUT_UNKNOWN, and another's cursor shows nothing", async () => {
    const [an, binh] = [await stage.seller(), await stage.seller()];
    const made: string[] = [];
    for (let times = 0; times < 3; times += 1)
      made.push((await stage.claimed(2_500 + times, an.accountId)).payoutId);
    const theirs = await stage.claimed(9_000, binh.accountId);
    const first = await list({ limit: 2 }, as(an.accountId));
    const second = await list({ limit: 2, after: first.next ?? "" }, as(an.accountId));
    expect([...first.items, ...second.items].map(({ payoutId }) => payoutId)).toEqual(made.toReversed());
    expect(second.next).toBeUndefined();
    expect(await read({ payoutId: made[0] ?? "" }, as(an.accountId))).toMatchObject({
      amount: { minor: 2_500 },
    });
    for (const payoutId of [theirs.payoutId, freshId("pay")])
      await expect(read({ payoutId }, as(an.accountId))).rejects.toMatchObject({ code: "PAYOUT_UNKNOWN" });
    const { items } = await list({ after: theirs.payoutId }, as(an.accountId));
    expect(items.every(({ accountId }) => accountId === an.accountId)).toBe(true);
    expect(await list({ after: "nonsense" }, as(an.accountId))).toEqual({ items: [] });
  });

  it("operators find payouts of everybody, by state and by account", async () => {
    const { accountId } = await stage.seller();
    const { payoutId } = await stage.claimed(2_500, accountId);
    expect(await find({ accountId }, asBoss())).toMatchObject({ items: [{ payoutId }] });
    expect(await find({ accountId, state: "requested" }, asBoss())).toMatchObject({ items: [{ payoutId }] });
    expect(await find({ accountId, state: "sent" }, asBoss())).toEqual({ items: [] });
    const everybody = await find({ limit: 1 }, asBoss());
    expect(everybody.items).toHaveLength(1);
    expect(everybody.next).toBeDefined();
  });
});
