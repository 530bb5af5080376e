import { afterAll, beforeAll, expect, test } from "vitest";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Claim } from "@shopnexus/contracts/order/claim";
import type { ClaimState } from "@shopnexus/contracts/order/complaint";
import { Refund } from "@shopnexus/contracts/order/refund";
import { operator, type Person } from "#tools/testkit/people.ts";
import { balanceOf, boughtBy, claims, ended, openStage, type Stage, standing } from "./proof/stage.ts";

let stage: Stage;
let boss: Person;
beforeAll(async () => {
  const DEADLINES = "answerMs=1200,returnMs=1200,transitMs=900,inspectMs=1200,verdictMs=900";
  stage = await openStage({ environment: { DEADLINES } });
  boss = await operator(stage.shop);
});
afterAll(() => stage?.stop());

type Opened = { refundId: string; orderId: string; lineId: string };

const opened = async (): Promise<Opened> => {
  const { an } = stage;
  const sold = await boughtBy(stage, { lines: [{ sellerId: an.accountId }], walletMinor: 1_000 });
  const orderId = sold.orders.get(an.accountId) ?? "";
  const lineId = sold.lineIds[0] ?? "";
  return { ...(await claims(stage, { orderId, lineId })), orderId, lineId };
};

/** What happened, after the parties had done that and nobody did anything more. */
const untold = async (
  { refundId }: Opened,
  ...deeds: ReadonlyArray<() => Promise<unknown>>
): Promise<{ state: ClaimState; history: string[] }> => {
  for (const deed of deeds) await deed();
  expect(await ended(stage, refundId)).toBe(200);
  const { state, history } = await standing(stage.mai, refundId);
  return { state, history: history.map(({ event, by }) => `${event} by ${by}`) };
};
const answers =
  ({ refundId }: Opened, answer: "accept_with_return" | "contest") =>
  () =>
    stage.an.call(Refund, refundId).answer({ answer, says: "" });
const sends =
  ({ refundId }: Opened) =>
  () =>
    stage.mai.call(Refund, refundId).sent({ how: "by post" });

test("a seller who does not answer pays", async () => {
  const claim = await opened();
  const { state, history } = await untold(claim);
  expect(state).toBe("settled");
  expect(history).toEqual(["open by buyer", "expire by shop", "pay by shop", "settle by shop"]);
  expect(await balanceOf(stage, `escrow:${claim.orderId}`)).toBe(0);
});

test("a buyer who never sends the goods back closes the claim, and the line goes on", async () => {
  const claim = await opened();
  const { state, history } = await untold(claim, answers(claim, "accept_with_return"));
  expect(state).toBe("closed");
  expect(history.at(-1)).toBe("expire by shop");
  const [line] = await stage.shop.sql`
    select state, due_at > now() as goes_on from "order".checkout_line where line_id = ${claim.lineId}`;
  expect(line).toEqual({ state: "delivered", goes_on: true });
  expect(await balanceOf(stage, `escrow:${claim.orderId}`)).toBe(1_000);
});

test("goods that never arrive are told to operators; in the end the buyer, who sent them, is paid", async () => {
  const claim = await opened();
  const { state, history } = await untold(claim, answers(claim, "accept_with_return"), sends(claim));
  expect(state).toBe("settled");
  expect(history.slice(-4)).toEqual(["escalate by shop", "expire by shop", "pay by shop", "settle by shop"]);
});

test("a seller who does not look at what came back pays", async () => {
  const claim = await opened();
  const { state, history } = await untold(claim, answers(claim, "accept_with_return"), sends(claim), () =>
    arrives(claim),
  );
  expect(state).toBe("settled");
  expect(history).toContain("arrive by shop");
});

test("a dispute that nobody decides is escalated, and then the buyer has won", async () => {
  const claim = await opened();
  const { state, history } = await untold(claim, answers(claim, "contest"));
  expect(state).toBe("settled");
  expect(history.slice(1, 4)).toEqual(["contest by seller", "escalate by shop", "expire by shop"]);
  const [dispute] = await stage.shop.sql`
    select state, verdict, decided_by from "order".dispute where refund_id = ${claim.refundId}`;
  expect(dispute).toEqual({ state: "decided", verdict: "full", decided_by: null });
  const [told] = await stage.shop.sql`
    select count(*)::int as n from "order".timeline where order_id = ${claim.orderId} and what = 'claim_escalated'`;
  expect(told).toEqual({ n: 1 });
});

test("the feed knows when a claim began and how it ended", async () => {
  const claim = await opened();
  await untold(claim);
  const kinds: string[] = [];
  for (let after: string | undefined; ; ) {
    const { items, next } = await boss.call(Feed).read({ limit: 100, ...(after !== undefined && { after }) });
    kinds.push(...items.filter(({ subject }) => subject === claim.refundId).map(({ kind }) => kind));
    if (next === undefined) break;
    after = next;
  }
  expect(kinds).toEqual(["refund.opened", "refund.closed"]);
});

/** A carrier's word of which the run hears nothing: it finds it when it looks again. */
async function arrives({ refundId }: Opened): Promise<void> {
  await stage.ask(Claim, "move", { refundId, by: null, event: "arrive", says: "" });
}
