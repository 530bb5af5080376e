import { freshId } from "@shopnexus/contracts/kit/id";
import { instant } from "@shopnexus/contracts/kit/time";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { view } from "../../drop/view.ts";
import { audit } from "../../stock/audit.ts";
import { level } from "../../stock/level.ts";
import { claim } from "../claim.ts";
import { giveBack } from "../give-back.ts";
import { lapse } from "../lapse.ts";
import { read } from "../read.ts";
import { sell } from "../sell.ts";
import { terms } from "../terms.ts";
import { unsell } from "../unsell.ts";
import { askFor, dropped, enterDrop, outcomeOf, PRICE, tally } from "./crowd.ts";

let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterAll(() => base.close());

const scene = () => sceneOf(base.db, asModule("order"));
const skuOf = async (dropId: string) => (await view({ dropId }, scene())).skus[0];
const isDrifted = async () => (await audit({}, scene())).drifted;
const stateOf = async ({ ticketId, accountId }: { ticketId: string; accountId: string }) =>
  (await read({ ticketId }, sceneOf(base.db, asAccount(accountId)))).state;
/** As if the ticket's time had passed. */
const overdue = (ticketId: string) => base.db.$client`
  update inventory.ticket set expires_at = now() - interval '1 s', admitted_until = now() - interval '1 s'
  where ticket_id = ${ticketId}`;

/** An admitted ticket, used for a checkout. */
const claimed = async (place: { dropId: string; skuId: string }) => {
  const ask = askFor(place);
  await enterDrop(base, ask);
  const use = { ticketId: ask.ticketId, checkoutId: freshId("chk") };
  await claim({ ...use, accountId: ask.accountId }, scene());
  return { ...ask, use };
};

describe("Ticket/admit", () => {
  test("500 at once for 100 units: 100 are admitted, 50 wait, 350 hear DROP_SOLD_OUT, and nothing drifts", async () => {
    const place = await dropped(base, { units: 100, waiting: 50 });
    const asks = Array.from({ length: 500 }, () => askFor(place));
    const outcomes = await Promise.all(asks.map((ask) => outcomeOf(enterDrop(base, ask))));
    expect(outcomes.filter((one) => one === "DROP_SOLD_OUT")).toHaveLength(350);
    expect(await skuOf(place.dropId)).toMatchObject({ left: 0, waiting: 50, sold: 0 });
    expect(await isDrifted()).toEqual([]);
  });

  test("one account that asks a hundred times at once gets its limit, then DROP_LIMIT_REACHED", async () => {
    const place = await dropped(base, { units: 50, limit: 3 });
    const accountId = freshId("acc");
    const asks = Array.from({ length: 100 }, () => enterDrop(base, askFor(place, { accountId })));
    expect(tally(await Promise.all(asks.map(outcomeOf)))).toEqual({ admitted: 3, DROP_LIMIT_REACHED: 97 });
    expect(await skuOf(place.dropId)).toMatchObject({ left: 47 });
  });

  test("the same ticket asked for ten times at once is one ticket", async () => {
    const place = await dropped(base, { units: 5, limit: 5 });
    const ask = askFor(place);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcomeOf(enterDrop(base, ask))));
    expect(tally(outcomes)).toEqual({ admitted: 10 });
    expect(await skuOf(place.dropId)).toMatchObject({ left: 4 });
  });

  test("before the start it is DROP_NOT_YET, after the end DROP_OVER, of no drop DROP_UNKNOWN", async () => {
    const later = await dropped(base, { startsAt: instant(Date.now() + 60_000) });
    const past = await dropped(base, { endsAt: instant(Date.now() - 500) });
    const none = { dropId: freshId("drp"), skuId: freshId("sku") };
    const outcomes = [later, past, none].map((place) => outcomeOf(enterDrop(base, askFor(place))));
    expect(await Promise.all(outcomes)).toEqual(["DROP_NOT_YET", "DROP_OVER", "DROP_UNKNOWN"]);
  });

  test("who waits is admitted in the order of arrival, as others let theirs lapse", async () => {
    const place = await dropped(base, { units: 1, waiting: 2 });
    const asks = [askFor(place), askFor(place), askFor(place)] as const;
    for (const ask of asks) await enterDrop(base, ask);
    expect(await Promise.all(asks.map(stateOf))).toEqual(["admitted", "waiting", "waiting"]);
    await overdue(asks[0].ticketId);
    await Promise.all([lapse({ limit: 100 }, scene()), lapse({ limit: 100 }, scene())]);
    expect(await Promise.all(asks.map(stateOf))).toEqual(["lapsed", "admitted", "waiting"]);
    expect(await outcomeOf(enterDrop(base, askFor(place, { accountId: asks[0].accountId })))).toBe("waiting");
  });
});

describe("a claim", () => {
  test("Ticket/terms: the drop's price for who has the ticket; TICKET_UNKNOWN, TICKET_DIFFERS, TICKET_WAITING for others", async () => {
    const place = await dropped(base, { units: 1, waiting: 1 });
    const [mine, next] = [askFor(place), askFor(place)];
    await enterDrop(base, mine);
    await enterDrop(base, next);
    const priced = (ask: typeof mine, more: object = {}) => {
      const { ticketId, accountId, skuId, pieces } = { ...ask, ...more };
      return terms({ accountId, lines: [{ ticketId, skuId, pieces }] }, scene());
    };
    expect(await priced(mine)).toEqual({ prices: [{ skuId: place.skuId, price: PRICE }] });
    await expect(priced(mine, { accountId: freshId("acc") })).rejects.toMatchObject({
      code: "TICKET_UNKNOWN",
    });
    await expect(priced(mine, { pieces: 2 })).rejects.toMatchObject({ code: "TICKET_DIFFERS" });
    await expect(priced(next)).rejects.toMatchObject({ code: "TICKET_WAITING" });
  });

  test("Ticket/claim: two checkouts at once use a ticket once, the other is TICKET_GONE; somebody else's is TICKET_UNKNOWN", async () => {
    const place = await dropped(base);
    const ask = askFor(place);
    await enterDrop(base, ask);
    const by = (accountId: string) => ({ ticketId: ask.ticketId, checkoutId: freshId("chk"), accountId });
    await expect(claim(by(freshId("acc")), scene())).rejects.toMatchObject({ code: "TICKET_UNKNOWN" });
    const uses = [by(ask.accountId), by(ask.accountId)];
    const outcomes = await Promise.all(
      uses.map((use) => outcomeOf(claim(use, scene()).then(() => ({ state: "claimed" })))),
    );
    expect(tally(outcomes)).toEqual({ claimed: 1, TICKET_GONE: 1 });
    const winner = uses[outcomes.indexOf("claimed")] ?? by(ask.accountId);
    expect(await claim(winner, scene())).toEqual({});
  });

  test("Ticket/sell: sold once however often it is told, on the drop and on the level; a late giveBack changes nothing", async () => {
    const place = await dropped(base);
    const { use, ...ask } = await claimed(place);
    for (let times = 0; times < 3; times++) await sell(use, scene());
    await giveBack(use, scene());
    expect(await stateOf(ask)).toBe("sold");
    expect(await skuOf(place.dropId)).toMatchObject({ sold: 1, left: 9 });
    expect(await level({ skuId: place.skuId }, scene())).toMatchObject({ held: 9, sold: 1, available: 10 });
    expect(await isDrifted()).toEqual([]);
  });

  test("Ticket/giveBack: within the ticket's own time it can be used again; the same checkout's late claim is TICKET_GONE", async () => {
    const { use, ...ask } = await claimed(await dropped(base));
    for (let times = 0; times < 3; times++) await giveBack(use, scene());
    expect(await stateOf(ask)).toBe("admitted");
    const late = claim({ ...use, accountId: ask.accountId }, scene());
    await expect(late).rejects.toMatchObject({ code: "TICKET_GONE" });
    await expect(sell(use, scene())).rejects.toMatchObject({ code: "TICKET_GONE" });
    expect(await claim({ ...use, checkoutId: freshId("chk"), accountId: ask.accountId }, scene())).toEqual(
      {},
    );
  });

  test("Ticket/giveBack: after that time its piece is the next one's; of a claim that never was, a late one refuses", async () => {
    const place = await dropped(base, { units: 1, waiting: 1 });
    const { use, ...ask } = await claimed(place);
    const next = askFor(place);
    await enterDrop(base, next);
    await overdue(ask.ticketId);
    await Promise.all([giveBack(use, scene()), giveBack(use, scene()), lapse({ limit: 100 }, scene())]);
    expect([await stateOf(ask), await stateOf(next)]).toEqual(["lapsed", "admitted"]);
    const early = { ticketId: next.ticketId, checkoutId: freshId("chk") };
    await giveBack(early, scene());
    const late = claim({ ...early, accountId: next.accountId }, scene());
    await expect(late).rejects.toMatchObject({ code: "TICKET_GONE" });
    expect(await stateOf(next)).toBe("admitted");
  });

  test("Ticket/unsell: a sale is taken back once, a late sale refuses, and giving back frees the piece", async () => {
    const place = await dropped(base);
    const { use, ...ask } = await claimed(place);
    await sell(use, scene());
    for (let times = 0; times < 2; times++) await unsell(use, scene());
    expect(await stateOf(ask)).toBe("checked_out");
    await expect(sell(use, scene())).rejects.toMatchObject({ code: "TICKET_GONE" });
    await overdue(ask.ticketId);
    await giveBack(use, scene());
    expect(await stateOf(ask)).toBe("lapsed");
    expect(await skuOf(place.dropId)).toMatchObject({ sold: 0, left: 10 });
    expect(await isDrifted()).toEqual([]);
  });

  test("Ticket/unsell of a sale that never was gives the claim up, and a late sale refuses", async () => {
    const { use } = await claimed(await dropped(base));
    await unsell(use, scene());
    await expect(sell(use, scene())).rejects.toMatchObject({ code: "TICKET_GONE" });
  });

  test("Ticket/read: somebody else's ticket is TICKET_UNKNOWN", async () => {
    const ask = askFor(await dropped(base));
    await enterDrop(base, ask);
    const other = read({ ticketId: ask.ticketId }, sceneOf(base.db, asAccount()));
    await expect(other).rejects.toMatchObject({ code: "TICKET_UNKNOWN" });
  });
});
