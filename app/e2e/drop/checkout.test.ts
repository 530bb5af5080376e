/** A drop from its announcement to its orders: at the edge, over Restate, with money. */
import { Hono } from "hono";
import { Registry } from "prom-client";
import { serveEvents } from "#app/edge/drop/events.ts";
import type { Host } from "#app/host.ts";
import { openRedisGate } from "#modules/_kit/redis-gate.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newAttemptId } from "@shopnexus/contracts/client";
import { Drop } from "@shopnexus/contracts/inventory/drop";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Ticket } from "@shopnexus/contracts/inventory/ticket";
import { freshId } from "@shopnexus/contracts/kit/id";
import { HOUR_MS, instant, SECOND_MS } from "@shopnexus/contracts/kit/time";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { knock } from "#tools/testkit/knock.ts";
import {
  basketOf,
  type Buyer,
  buyer,
  checkOut,
  type Goods,
  insider,
  payInBrowser,
  type Person,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";
import { doorOf, hearing } from "./doors.ts";

let shop: TestShop;
let [mai, lan]: Buyer[] = [];
let an: Seller;
beforeAll(async () => {
  shop = await openShop();
  [mai, lan] = await Promise.all([buyer(shop), buyer(shop)]);
  an = await seller(shop);
});
afterAll(() => shop?.stop());

const PRICE = { minor: 500, currency: "USD" };
const hostOf = (): Host => {
  if (shop.app === undefined) throw new Error("the product runs in this process");
  return shop.app.host;
};
const somebody = (who: Buyer | undefined): Buyer => {
  if (who === undefined) throw new Error("nobody is there");
  return who;
};

/** A drop of so many units of a thing that costs more on the shelf. */
const dropOf = async (units: number, { startsInMs = -HOUR_MS, endsInMs = HOUR_MS } = {}) => {
  const thing = await an.offer(2_000, units + 5);
  const terms = {
    dropId: freshId("drp"),
    skus: [{ skuId: thing.skuId, units, price: PRICE, waiting: 1 }],
    startsAt: instant(Date.now() + startsInMs),
    endsAt: instant(Date.now() + endsInMs),
    room: "queue" as const,
    limit: 1,
  };
  await an.call(Drop).announce(terms);
  return { thing, dropId: terms.dropId };
};

const ask = (who: Person | undefined, dropId: string, body: object) =>
  knock(`${shop.edgeUrl()}/drops/${dropId}/tickets`, {
    authorization: who && `Bearer ${who.tokens.accessToken}`,
    body: JSON.stringify({ attemptId: newAttemptId(), ...body }),
  });

const admitted = async (who: Buyer, { thing, dropId }: { thing: Goods; dropId: string }): Promise<string> => {
  const reply = await ask(who, dropId, { skuId: thing.skuId });
  expect(reply).toMatchObject({ status: 202, body: { state: "admitted" } });
  const { ticketId } = reply.body as { ticketId: string };
  const written = () =>
    who
      .call(Ticket)
      .read({ ticketId })
      .then(
        ({ state }) => state,
        () => "none",
      );
  await expect.poll(written).toBe("admitted");
  return ticketId;
};

const withTicket = (
  who: Buyer,
  { thing, seen = PRICE }: { thing: Goods; seen?: Goods["price"] },
  ticketId: string,
) => {
  const basket = basketOf(who, [{ ...thing, price: seen }]);
  return { ...basket, lines: basket.lines.map((line) => ({ ...line, ticketId })) };
};

describe("the door of a drop", () => {
  test("answers 202 with a ticket, the same one to the same ask, and refuses with a code before it asks anybody", async () => {
    const place = await dropOf(1);
    const { skuId } = place.thing;
    const attemptId = newAttemptId();
    const first = await ask(mai, place.dropId, { skuId, attemptId });
    expect(first).toMatchObject({ status: 202, body: { state: "admitted", pieces: 1 } });
    expect(await ask(mai, place.dropId, { skuId })).toMatchObject({ code: "DROP_LIMIT_REACHED" });
    expect(await ask(lan, place.dropId, { skuId })).toMatchObject({
      status: 202,
      body: { state: "waiting" },
    });
    const third = await buyer(shop);
    for (let times = 0; times < 3; times++)
      expect(await ask(third, place.dropId, { skuId })).toMatchObject({ status: 409, code: "DROP_SOLD_OUT" });
    expect((await ask(mai, place.dropId, { skuId, attemptId })).body).toEqual(first.body);
  });

  test("says DROP_NOT_YET, DROP_OVER, DROP_UNKNOWN, UNAUTHENTICATED and INVALID_INPUT", async () => {
    const later = await dropOf(1, { startsInMs: HOUR_MS / 2 });
    const past = await dropOf(1, { endsInMs: -SECOND_MS });
    const open = await dropOf(1);
    const skuId = later.thing.skuId;
    expect(await ask(mai, later.dropId, { skuId })).toMatchObject({ code: "DROP_NOT_YET" });
    expect(await ask(mai, past.dropId, { skuId: past.thing.skuId })).toMatchObject({ code: "DROP_OVER" });
    expect(await ask(mai, freshId("drp"), { skuId })).toMatchObject({ code: "DROP_UNKNOWN" });
    expect(await ask(undefined, open.dropId, { skuId: open.thing.skuId })).toMatchObject({
      code: "UNAUTHENTICATED",
    });
    expect(await ask(mai, open.dropId, { skuId: "no" })).toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("the gate before the door", () => {
  test("refuses by one trip to Redis, and reaches neither Restate nor Postgres; a crowd shares its trips", async () => {
    const [{ gate, config }, soldOut, later] = [
      hostOf(),
      await dropOf(1),
      await dropOf(1, { startsInMs: HOUR_MS / 2 }),
    ];
    if (gate === undefined) throw new Error("there is a Redis");
    for (const place of [soldOut, later]) await ask(mai, place.dropId, { skuId: place.thing.skuId });
    await ask(lan, soldOut.dropId, { skuId: soldOut.thing.skuId });
    let tripCount = 0;
    const counted = <A extends unknown[], R>(work: (...given: A) => R) => {
      return (...given: A): R => {
        tripCount += 1;
        return work(...given);
      };
    };
    const enter = doorOf({
      ...hostOf(),
      gate: { ...gate, look: counted(gate.look), knock: counted(gate.knock) },
      steps: { answer: () => Promise.reject(new Error("nobody asks a step")) },
      config: { ...config, restate: { ...config.restate, ingressUrl: "http://127.0.0.1:1" } },
    });
    for (let times = 1; times <= 5; times++) {
      expect(await enter(lan, soldOut)).toEqual({ status: 409, said: "DROP_SOLD_OUT", by: "gate" });
      expect(await enter(lan, later)).toEqual({ status: 409, said: "DROP_NOT_YET", by: "gate" });
      expect(tripCount).toBe(2 * times);
    }
    const crowd = await Promise.all(Array.from({ length: 100 }, () => enter(lan, soldOut)));
    expect(new Set(crowd.map(({ said }) => said))).toEqual(new Set(["DROP_SOLD_OUT"]));
    expect(tripCount).toBeLessThan(10 + 50);
  });

  test("is not needed: without Redis, or while it is away, Postgres decides alone, and the answer says so", async () => {
    const away = openRedisGate("redis://127.0.0.1:1/0", hostOf().log, new Registry());
    for (const gate of [undefined, away]) {
      const [enter, place] = [doorOf({ ...hostOf(), gate }), await dropOf(1)];
      expect(await enter(mai, place)).toEqual({ status: 200, said: "admitted", by: "postgres" });
      expect(await enter(mai, place)).toEqual({ status: 409, said: "DROP_LIMIT_REACHED", by: "postgres" });
      expect(await enter(lan, place)).toEqual({ status: 200, said: "waiting", by: "postgres" });
      expect(await enter(await buyer(shop), place)).toMatchObject({ said: "DROP_SOLD_OUT", by: "postgres" });
      expect(await enter(undefined, place)).toMatchObject({ status: 401, said: "UNAUTHENTICATED" });
    }
    away.close();
  });
});

describe("a checkout with a ticket", () => {
  test("buys at the drop's price and of the drop's units, and nothing else moves on the shelf", async () => {
    const who = somebody(mai);
    const place = await dropOf(2);
    const ticketId = await admitted(who, place);
    const view = await checkOut(who, withTicket(who, place, ticketId));
    expect(view.lines).toMatchObject([{ unitPrice: PRICE, total: PRICE }]);
    await payInBrowser(shop.sandbox.url, view);
    const stateNow = async () => (await who.call(Order).viewCheckout({ checkoutId: view.checkoutId })).state;
    await expect.poll(stateNow, { timeout: 10_000 }).toBe("placed");
    expect(await who.call(Ticket).read({ ticketId })).toMatchObject({ state: "sold" });
    expect((await who.call(Drop).view({ dropId: place.dropId })).skus).toMatchObject([{ sold: 1, left: 1 }]);
    const level = await who.call(Stock).level({ skuId: place.thing.skuId });
    expect(level).toMatchObject({ sold: 1, held: 1, available: 5 });
    const again = checkOut(who, withTicket(who, place, ticketId));
    await expect(again).rejects.toMatchObject({ code: "TICKET_GONE" });
    expect(await (await insider(shop)).call(Stock).audit({})).toEqual({ drifted: [] });
  });

  test("with the shelf's price is PRICE_CHANGED; with somebody else's ticket TICKET_UNKNOWN; for other pieces TICKET_DIFFERS", async () => {
    const [who, other] = [somebody(mai), somebody(lan)];
    const place = await dropOf(2);
    const ticketId = await admitted(who, place);
    const dear = checkOut(who, withTicket(who, { ...place, seen: place.thing.price }, ticketId));
    await expect(dear).rejects.toMatchObject({ code: "PRICE_CHANGED" });
    const theirs = checkOut(other, withTicket(other, place, ticketId));
    await expect(theirs).rejects.toMatchObject({ code: "TICKET_UNKNOWN" });
    const basket = withTicket(who, place, ticketId);
    const more = checkOut(who, { ...basket, lines: basket.lines.map((line) => ({ ...line, pieces: 2 })) });
    await expect(more).rejects.toMatchObject({ code: "TICKET_DIFFERS" });
    expect(await who.call(Ticket).read({ ticketId })).toMatchObject({ state: "admitted" });
  });

  test("that is called off lets its ticket be used again while its time lasts, and then lets the next one in", async () => {
    const [who, next] = [somebody(mai), somebody(lan)];
    const place = await dropOf(1);
    const ticketId = await admitted(who, place);
    const waiting = await ask(next, place.dropId, { skuId: place.thing.skuId });
    const nextId = (waiting.body as { ticketId: string }).ticketId;
    const { checkoutId } = await checkOut(who, withTicket(who, place, ticketId));
    const early = checkOut(next, withTicket(next, place, nextId));
    await expect(early).rejects.toMatchObject({ code: "TICKET_WAITING" });
    await who.call(Checkout, checkoutId).cancel({});
    await expect.poll(async () => (await who.call(Ticket).read({ ticketId })).state).toBe("admitted");
    await shop.sql`update inventory.ticket set expires_at = now(), admitted_until = now() where ticket_id = ${ticketId}`;
    const stateOf = async () => (await next.call(Ticket).read({ ticketId: nextId })).state;
    await expect.poll(stateOf, { timeout: 10_000 }).toBe("admitted");
    const late = checkOut(who, withTicket(who, place, ticketId));
    await expect(late).rejects.toMatchObject({ code: "TICKET_GONE" });
  });
});

describe("who watches a drop", () => {
  test("sees its state at once, every change, and its end", async () => {
    const place = await dropOf(1);
    const response = await fetch(`${shop.edgeUrl()}/drops/${place.dropId}/events`);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const { text, ended } = hearing(response);
    await admitted(somebody(mai), place);
    await expect.poll(text, { timeout: 5_000 }).toContain('"left":0');
    await shop.sql`update inventory.ticket set expires_at = now(), admitted_until = now() where drop_id = ${place.dropId}`;
    await shop.sql`update inventory.drop set ends_at = now() where drop_id = ${place.dropId}`;
    const due = { callKey: freshId("evt"), caller: "inventory" };
    await hostOf().steps.answer(Ticket, "lapse", { ...due, input: { limit: 1_000 } });
    await hostOf().steps.answer(Drop, "close", { ...due, input: {} });
    await ended;
    const states = [...text().matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => JSON.parse(data) as unknown);
    expect(states[0]).toMatchObject({ phase: "open", skus: [{ left: 1 }] });
    expect(states).toContainEqual(expect.objectContaining({ skus: [expect.objectContaining({ left: 0 })] }));
    expect(states.at(-1)).toMatchObject({ phase: "closed" });
    const none = await fetch(`${shop.edgeUrl()}/drops/${freshId("drp")}/events`);
    expect(none.status).toBe(404);
    const again = await fetch(response.url, { headers: { "last-event-id": "closed" } });
    expect(again.status).toBe(204);
  });

  test("costs one look a second, however many watch, come at once, or ask for a drop that is none", async () => {
    const host = hostOf();
    let lookCount = 0;
    const steps: Host["steps"] = {
      answer: (...asked) => {
        lookCount += 1;
        return host.steps.answer(...asked);
      },
    };
    const app = new Hono();
    serveEvents(app, { ...host, steps });
    const { dropId } = await dropOf(1);
    const startedMs = performance.now();
    const crowd = await Promise.all(
      Array.from({ length: 200 }, async () => await app.request(`/drops/${dropId}/events`)),
    );
    expect(crowd.every(({ status }) => status === 200)).toBe(true);
    expect(lookCount).toBe(1);
    const readers = crowd.map(({ body }) => body?.getReader());
    for (const reader of readers) expect((await reader?.read())?.done).toBe(false);
    await expect.poll(() => lookCount, { timeout: 5_000 }).toBeGreaterThanOrEqual(3);
    expect(lookCount).toBeLessThanOrEqual(1 + (performance.now() - startedMs) / SECOND_MS);
    for (const reader of readers) await reader?.cancel();
    const [before, nobody] = [lookCount, `/drops/${freshId("drp")}/events`];
    await Promise.all(Array.from({ length: 50 }, async () => await app.request(nobody)));
    expect(lookCount - before).toBeLessThanOrEqual(2);
  });
});
