import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { In } from "@shopnexus/contracts/kit/contract";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { Claim } from "@shopnexus/contracts/order/claim";
import type { ClaimOrder, ClaimState } from "@shopnexus/contracts/order/complaint";
import { deriveId } from "#modules/_kit/derive.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { moveLines } from "../../line/rows.ts";
import { expire } from "../expire.ts";
import { move } from "../move.ts";
import { news } from "../news.ts";
import { pay } from "../pay.ts";
import { askOf, change, deliver, payOut, sell, send, type Selling, type Sold } from "./stage.ts";
import { record } from "../record.ts";
import { settle } from "../settle.ts";
import { void as voidClaim } from "../void.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

const scene = () => sceneOf(database.db, asModule("order"));
type Move = In<typeof Claim, "move">;

type Opened = Awaited<ReturnType<typeof opened>>;
/** A claim for one piece of a line of two pieces that was brought, or paid out. */
const opened = async (
  rest: { ask?: Partial<ReturnType<typeof askOf>>; line?: Partial<Selling>; isPaidOut?: boolean } = {},
) => {
  const { db } = database;
  const sellerId = freshId("acc");
  const sold = await sell(db, { lines: [{ sellerId, pieces: 2, ...rest.line }] });
  const orderId = sold.orders.get(sellerId) ?? "";
  await deliver(db, orderId);
  if (rest.isPaidOut) await payOut(db, orderId);
  return {
    sold,
    sellerId,
    orderId,
    lineId: sold.lineIds[0] ?? "",
    ...(await claimed(sold, orderId, rest.ask)),
  };
};
const claimed = async (sold: Sold, orderId: string, rest: Partial<ReturnType<typeof askOf>> = {}) => {
  const ask = askOf(orderId, sold.lineIds[0] ?? "", rest);
  const refundId = deriveId("rfd", orderId, sold.buyerId, ask.claimKey);
  const order: ClaimOrder = { refundId, accountId: sold.buyerId, ...ask };
  await record(order, scene());
  return { order, refundId };
};

const seller = ({ sellerId }: Opened, event: Move["event"], rest: Partial<Move> = {}) => ({
  by: { accountId: sellerId, role: "seller" as const },
  event,
  says: "",
  ...rest,
});
const buyer = ({ sold }: Opened, event: Move["event"]) => ({
  by: { accountId: sold.buyerId, role: "buyer" as const },
  event,
  says: "",
});
const shop = (event: Move["event"]) => ({ by: null, event, says: "" });
const moved = (claim: Opened, input: Omit<Move, "refundId">) =>
  move({ refundId: claim.refundId, ...input }, scene());
const state = async ({ refundId }: Opened): Promise<ClaimState> =>
  (await news({ refundId, since: 0 }, scene())).claim.state;

const lineOf = async ({ lineId }: { lineId: string }) => {
  const [row] = await database.db.$client`
    select state, reason, resume_state, escrow_minor::int as escrow, returned_minor::int as returned,
      clawed_minor::int as clawed, pieces_back, due_at > now() as is_due_later
    from "order".checkout_line where line_id = ${lineId}`;
  return row;
};
const pass = ({ refundId }: Opened) =>
  database.db
    .$client`update "order".claim set due_at = now() - interval '1 second' where refund_id = ${refundId}`;

describe("Claim/pay and Claim/settle", () => {
  test("what was accepted goes back, once, and the rest of the line goes on", async () => {
    const claim = await opened();
    await moved(claim, seller(claim, "accept"));
    const first = await pay({ refundId: claim.refundId }, scene());
    expect(first).toMatchObject({ amount: { minor: 1_000, currency: "USD" }, goods: [], wholeLineIds: [] });
    expect(await pay({ refundId: claim.refundId }, scene())).toEqual(first);
    await settle({ refundId: claim.refundId }, scene());
    await settle({ refundId: claim.refundId }, scene());
    expect(await lineOf(claim)).toMatchObject({
      state: "delivered",
      returned: 1_000,
      escrow: 1_000,
      is_due_later: true,
    });
    expect(await state(claim)).toBe("settled");
  });

  test("a line of which all went back is refunded; of one that was paid out the seller gives it", async () => {
    const claim = await opened({ isPaidOut: true, line: { pieces: 1, commissionMinor: 100 } });
    await moved(claim, seller(claim, "accept"));
    const { totals } = await pay({ refundId: claim.refundId }, scene());
    expect(totals).toEqual({
      returnedMinor: 1_000,
      clawedMinor: 1_000,
      uncarriedMinor: 0,
      commissionMinor: 100,
      subsidizedMinor: 0,
      rewardedMinor: 0,
    });
    await settle({ refundId: claim.refundId }, scene());
    expect(await lineOf(claim)).toMatchObject({ state: "refunded", reason: "claim_accepted", clawed: 1_000 });
  });

  test("claims one after the other give back all of a line and not a minor unit more", async () => {
    const claim = await opened({ line: { unitMinor: 333, pieces: 3 } });
    let back = 0;
    for (let at = 0, now = claim; at < 3; at += 1) {
      await moved(now, seller(now, "accept"));
      back += (await pay({ refundId: now.refundId }, scene())).amount.minor;
      await settle({ refundId: now.refundId }, scene());
      if (at < 2) now = { ...now, ...(await claimed(now.sold, now.orderId)) };
    }
    expect(back).toBe(999);
    expect(await lineOf(claim)).toMatchObject({ state: "refunded", returned: 999, escrow: 0 });
    await expect(claimed(claim.sold, claim.orderId)).rejects.toMatchObject({ code: "LINE_NOT_CLAIMABLE" });
  });

  test("goods that can be sold again are told, and the line knows how many came back", async () => {
    const back = await opened();
    await moved(back, seller(back, "accept_with_return"));
    await moved(back, buyer(back, "send"));
    await moved(back, seller(back, "approve", { isSellable: true }));
    const { goods, wholeLineIds } = await pay({ refundId: back.refundId }, scene());
    expect(goods).toMatchObject([{ lineId: back.lineId, pieces: 1 }]);
    expect(wholeLineIds).toEqual([]);
    expect(await lineOf(back)).toMatchObject({ pieces_back: 1 });
  });

  test("a delivery during a claim is remembered: given up, the line is delivered", async () => {
    const { db } = database;
    const sellerId = freshId("acc");
    const sold = await sell(db, { lines: [{ sellerId }] });
    const orderId = sold.orders.get(sellerId) ?? "";
    await send(db, orderId);
    const claim = {
      sold,
      sellerId,
      orderId,
      lineId: sold.lineIds[0] ?? "",
      ...(await claimed(sold, orderId, { reason: "not_received" })),
    };
    await change(db, orderId, (tx, lines) => moveLines(tx, lines, "deliver"));
    expect(await lineOf(claim)).toMatchObject({ state: "refunding", resume_state: "delivered" });
    await moved(claim, buyer(claim, "withdraw"));
    expect(await lineOf(claim)).toMatchObject({ state: "delivered", is_due_later: true, returned: 0 });
  });
});

describe("Claim/move", () => {
  test("CLAIM_UNKNOWN for whoever is no party, and for a party whose turn it never is", async () => {
    const claim = await opened();
    const stranger = freshId("acc");
    const wrong = [
      { by: { accountId: stranger, role: "seller" as const }, event: "accept" as const, says: "" },
      { by: { accountId: stranger, role: "buyer" as const }, event: "withdraw" as const, says: "" },
      { by: { accountId: claim.sold.buyerId, role: "seller" as const }, event: "accept" as const, says: "" },
      buyer(claim, "accept"),
      seller(claim, "withdraw"),
    ];
    for (const input of wrong)
      await expect(moved(claim, input)).rejects.toMatchObject({ code: "CLAIM_UNKNOWN" });
    const nowhere = move({ refundId: freshId("rfd"), ...shop("arrive") }, scene());
    await expect(nowhere).rejects.toMatchObject({ code: "CLAIM_UNKNOWN" });
    expect(await state(claim)).toBe("requested");
  });

  test("20 answers and withdrawals at once: one wins, the others get CLAIM_DECIDED with how it stands", async () => {
    const claim = await opened();
    const inputs = Array.from({ length: 20 }, (_, at) =>
      at % 2 === 0 ? seller(claim, "contest") : buyer(claim, "withdraw"),
    );
    const results = await Promise.allSettled(inputs.map((input) => moved(claim, input)));
    const won = await state(claim);
    // A contest that came first can still be withdrawn from; a withdrawal is the end.
    expect(won).toBe("withdrawn");
    const lost = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason as unknown] : [],
    );
    for (const error of lost)
      expect(error).toMatchObject({ code: "CLAIM_DECIDED", data: { state: "withdrawn" } });
    const events = await database.db.$client`
      select event from "order".claim_event where refund_id = ${claim.refundId} order by version`;
    expect(["open,withdraw", "open,contest,withdraw"]).toContain(
      events.map(({ event }) => String(event)).join(),
    );
  });

  test("the same call again answers the version that it happened to; a second click changes nothing", async () => {
    const claim = await opened();
    const once = sceneOf(database.db, asModule("order"), { callKey: "one call" });
    const input = { refundId: claim.refundId, ...seller(claim, "accept") };
    expect((await move(input, once)).before).toBe(1);
    expect((await move(input, once)).before).toBe(1);
    expect((await moved(claim, seller(claim, "accept"))).claim.state).toBe("accepted");
    expect((await news({ refundId: claim.refundId, since: 0 }, scene())).version).toBe(2);
  });

  test("what a carrier says late or twice changes nothing and is no refusal", async () => {
    const claim = await opened();
    await moved(claim, seller(claim, "accept_with_return"));
    await moved(claim, shop("arrive"));
    await moved(claim, shop("send"));
    await moved(claim, shop("arrive"));
    expect(await state(claim)).toBe("returned");
  });
});

describe("Claim/expire", () => {
  const begin: ReadonlyArray<readonly [ClaimState, readonly Move["event"][], readonly ClaimState[]]> = [
    ["requested", [], ["accepted"]],
    ["returning", ["accept_with_return"], ["closed"]],
    ["in_transit", ["accept_with_return", "send"], ["in_transit", "accepted"]],
    ["returned", ["accept_with_return", "arrive"], ["accepted"]],
    ["disputed", ["contest"], ["disputed", "accepted"]],
  ];

  test.each(begin)(
    "a claim that is %s goes on by itself when its time is over",
    async (from, events, ends) => {
      const claim = await opened();
      for (const event of events) {
        const who = event === "send" || event === "arrive" ? shop(event) : seller(claim, event);
        await moved(claim, who);
      }
      expect(await state(claim)).toBe(from);
      await expire({ refundId: claim.refundId }, scene());
      expect(await state(claim)).toBe(from);
      for (const end of ends) {
        await pass(claim);
        await expire({ refundId: claim.refundId }, scene());
        await expire({ refundId: claim.refundId }, scene());
        expect(await state(claim)).toBe(end);
      }
    },
  );
});

test("Claim/void: before the money has moved the lines are where they were; after it nothing changes", async () => {
  const early = await opened();
  await moved(early, seller(early, "accept"));
  await voidClaim(early.order, scene());
  expect(await state(early)).toBe("voided");
  expect(await lineOf(early)).toMatchObject({ state: "delivered", returned: 0 });
  const late = await opened();
  await moved(late, seller(late, "accept"));
  await pay({ refundId: late.refundId }, scene());
  await voidClaim(late.order, scene());
  expect(await state(late)).toBe("paying");
});
