import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Attempt } from "@shopnexus/contracts/order/attempt";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, sceneOf } from "#tools/testkit/scene.ts";
import { abandon } from "./abandon.ts";
import { claim } from "./claim.ts";
import { close } from "./close.ts";
import { find } from "./find.ts";
import { open } from "./open.ts";
import { place } from "./place.ts";
import { claimOf, lineOf, moduleScene, opened, openingOf, placed } from "./proof/stage.ts";
import { timeline } from "../order/timeline.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

const scene = () => moduleScene(database.db);
const as = (accountId: string) => sceneOf(database.db, asAccount(accountId));
const [AN, BINH] = ["a", "b"].map((digit) => `acc_${digit.repeat(32)}`) as [string, string];
const reason = (code: string) => ({ code, status: 409, message: "It is over.", data: {} });
const view = async (checkoutId: string, accountId: string) =>
  Attempt._handlers.find.output.parse(await find({ checkoutId, accountId }, scene()));

describe("Attempt/claim", () => {
  it("twenty at once claim one checkout, and all hear when it was first claimed", async () => {
    const claimed = claimOf();
    const crowd = await Promise.all(Array.from({ length: 20 }, () => claim(claimed, scene())));
    expect(new Set(crowd.map(({ claimedAt }) => claimedAt)).size).toBe(1);
    expect(new Set(crowd.map(({ state }) => state))).toEqual(new Set(["claimed"]));
    const rows = await database.db.execute(
      `select 1 from "order".checkout where attempt_id = '${claimed.attemptId}'`,
    );
    expect(rows).toHaveLength(1);
  });

  it("the same attempt with another basket is refused (ATTEMPT_REUSED), also of twenty at once", async () => {
    const claimed = claimOf();
    const other = { ...claimed, basketHash: "f".repeat(64) };
    const crowd = Array.from({ length: 20 }, (_, at) => claim(at % 2 === 0 ? claimed : other, scene()));
    const ends = await Promise.allSettled(crowd);
    const won = ends.flatMap((end, at) => (end.status === "fulfilled" ? [at % 2] : []));
    expect(won).toHaveLength(10);
    expect(new Set(won).size).toBe(1);
    for (const end of ends.filter((one) => one.status === "rejected"))
      expect(end.reason).toMatchObject({ code: "ATTEMPT_REUSED", status: 422 });
  });

  it("another account may use the same attempt id: it gets a checkout of its own", async () => {
    const claimed = claimOf();
    const other = { ...claimOf(), attemptId: claimed.attemptId };
    await claim(claimed, scene());
    expect(await claim(other, scene())).toMatchObject({ state: "claimed" });
  });

  it("a claim that is repeated later tells how the checkout stands", async () => {
    const { orderIds: _, ...claimed } = await placed(database.db, [lineOf(AN)]);
    expect(await claim(claimed, scene())).toMatchObject({ state: "placed" });
  });
});

describe("Attempt/open and Attempt/abandon", () => {
  it("the lines are written down once, and the total is their sum", async () => {
    const claimed = claimOf();
    await claim(claimed, scene());
    const lines = [lineOf(BINH, 700, 2), lineOf(AN, 50)];
    const opening = openingOf(claimed.checkoutId, lines);
    const answers = await Promise.all(Array.from({ length: 5 }, () => open(opening, scene())));
    for (const { total, windowMs } of answers) {
      expect(total).toEqual({ minor: 1_450, currency: "USD" });
      expect(windowMs).toBeGreaterThan(0);
    }
    const found = await view(claimed.checkoutId, claimed.accountId);
    const seen = lines.map(({ commission: _, weightGrams: _grams, sizeMm: _size, ...line }) => line);
    expect(found).toMatchObject({
      state: "awaiting_payment",
      lines: seen.map((line) => ({ ...line, state: "awaiting_payment", reason: null })),
      wallet: { minor: 0, currency: "USD" },
      windowEndsAt: opening.windowEndsAt,
    });
  });

  it("a window that is over has no time left, and never less than none", async () => {
    const claimed = claimOf();
    await claim(claimed, scene());
    const { windowMs } = await open(openingOf(claimed.checkoutId, [lineOf(AN)], -60_000), scene());
    expect(windowMs).toBe(0);
  });

  it("an abandon that overtakes its open wins: the late open is refused (CHECKOUT_CLOSED) and writes no line", async () => {
    const claimed = claimOf();
    await claim(claimed, scene());
    for (let times = 0; times < 2; times++) await abandon({ checkoutId: claimed.checkoutId }, scene());
    await expect(open(openingOf(claimed.checkoutId, [lineOf(AN)]), scene())).rejects.toMatchObject({
      code: "CHECKOUT_CLOSED",
      data: { state: "abandoned" },
    });
    expect(await view(claimed.checkoutId, claimed.accountId)).toMatchObject({
      state: "abandoned",
      lines: [],
    });
  });

  it("what nobody claimed is not opened (CHECKOUT_CLOSED), and abandoning it does nothing", async () => {
    const { checkoutId } = claimOf();
    await abandon({ checkoutId }, scene());
    await expect(open(openingOf(checkoutId, [lineOf(AN)]), scene())).rejects.toMatchObject({
      code: "CHECKOUT_CLOSED",
    });
  });

  it("opens and abandons at once, in whatever order, end abandoned", async () => {
    const claimed = claimOf();
    await claim(claimed, scene());
    const opening = openingOf(claimed.checkoutId, [lineOf(AN)]);
    await Promise.allSettled(
      Array.from({ length: 10 }, (_, at) =>
        at % 2 === 0 ? open(opening, scene()) : abandon(opening, scene()),
      ),
    );
    expect(await view(claimed.checkoutId, claimed.accountId)).toMatchObject({ state: "abandoned" });
  });

  it("a placed checkout cannot be abandoned, and its open still answers as before", async () => {
    const lines = [lineOf(AN, 900)];
    const { checkoutId, accountId } = await placed(database.db, lines);
    await abandon({ checkoutId }, scene());
    expect(await view(checkoutId, accountId)).toMatchObject({ state: "placed" });
    expect((await open(openingOf(checkoutId, lines), scene())).total.minor).toBe(900);
  });
});

describe("Attempt/close", () => {
  it("the first reason stays, and is told once", async () => {
    const { checkoutId, accountId } = await opened(database.db, [lineOf(AN)]);
    await abandon({ checkoutId }, scene());
    for (const code of ["PAYMENT_EXPIRED", "PAYMENT_EXPIRED", "CHECKOUT_CANCELLED"])
      await close({ checkoutId, refused: reason(code) }, scene());
    const found = await view(checkoutId, accountId);
    expect(found).toMatchObject({ state: "abandoned", refused: { code: "PAYMENT_EXPIRED" } });
    const { entries } = await timeline({ checkoutId }, as(accountId));
    expect(entries.map(({ what }) => what)).toEqual(["checkout_opened", "checkout_closed"]);
    expect(entries[1]?.says).toContain("PAYMENT_EXPIRED");
  });

  it("a checkout that was never opened is refused; a placed one is not touched", async () => {
    const claimed = claimOf();
    await claim(claimed, scene());
    await close({ checkoutId: claimed.checkoutId, refused: reason("PRICE_CHANGED") }, scene());
    expect(await view(claimed.checkoutId, claimed.accountId)).toMatchObject({ state: "refused" });
    const done = await placed(database.db, [lineOf(AN)]);
    await close({ checkoutId: done.checkoutId, refused: reason("PRICE_CHANGED") }, scene());
    expect(await view(done.checkoutId, done.accountId)).toMatchObject({ state: "placed", refused: null });
  });
});

describe("Attempt/place", () => {
  it("one order a seller with the seller's own total; twice and ten at once: the same orders", async () => {
    const lines = [lineOf(BINH, 300, 2), lineOf(AN, 1_000), lineOf(BINH, 50)];
    const { checkoutId, accountId } = await opened(database.db, lines);
    const crowd = await Promise.all(Array.from({ length: 10 }, () => place({ checkoutId }, scene())));
    const again = await place({ checkoutId }, scene());
    for (const answer of crowd) expect(answer).toEqual(again);
    const totals = new Map(again.orders.map(({ sellerId, total }) => [sellerId, total.minor]));
    expect(totals).toEqual(
      new Map([
        [AN, 1_000],
        [BINH, 650],
      ]),
    );
    const ids = again.orders.map(({ orderId }) => orderId);
    expect(ids).toEqual([...ids].toSorted((a, b) => (a < b ? -1 : 1)));
    expect((await view(checkoutId, accountId)).orderIds).toEqual(ids);
  });

  it("what came to nothing is refused (CHECKOUT_CLOSED), and the answer says how it stands", async () => {
    const abandoned = await opened(database.db, [lineOf(AN)]);
    await abandon(abandoned, scene());
    const claimed = claimOf();
    await claim(claimed, scene());
    const refused = claimOf();
    await claim(refused, scene());
    await close({ checkoutId: refused.checkoutId, refused: reason("OUT_OF_STOCK") }, scene());
    for (const [{ checkoutId }, state] of [
      [abandoned, "abandoned"],
      [claimed, "claimed"],
      [refused, "refused"],
      [claimOf(), "abandoned"],
    ] as const) {
      await expect(place({ checkoutId }, scene())).rejects.toMatchObject({
        code: "CHECKOUT_CLOSED",
        data: { state },
      });
    }
  });
});
