import { freshId } from "@shopnexus/contracts/kit/id";
import { instant } from "@shopnexus/contracts/kit/time";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sha256 } from "#modules/_kit/derive.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { audit } from "../../stock/audit.ts";
import { level } from "../../stock/level.ts";
import { reserve } from "../../stock/reserve.ts";
import {
  askFor,
  dropped,
  enterDrop,
  outcomeOf,
  sellerId,
  stocked,
  termsOf,
} from "../../ticket/proof/crowd.ts";
import { claim } from "../../ticket/claim.ts";
import { giveBack } from "../../ticket/give-back.ts";
import { announce } from "../announce.ts";
import { close } from "../close.ts";
import { draw } from "../draw.ts";
import { entries } from "../entries.ts";
import { view } from "../view.ts";
import { withdraw } from "../withdraw.ts";

let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterAll(() => base.close());

const scene = () => sceneOf(base.db, asModule("order"));
const owner = () => sceneOf(base.db, asAccount(sellerId, "seller"));
const isDrifted = async () => (await audit({}, scene())).drifted;
/** As if the times of a drop had come. */
const setTimes = (dropId: string, times: { draws?: boolean; ends?: boolean }) => base.db.$client`
  update inventory.drop set starts_at = now() - interval '1 h',
    draws_at = case when ${times.draws ?? false} then now() - interval '1 s' else draws_at end,
    ends_at = case when ${times.ends ?? false} then now() else ends_at end
  where drop_id = ${dropId}`;

describe("Drop/announce", () => {
  test("its units are off the shelf at once, and said again it is the same drop; other terms are DROP_DIFFERS", async () => {
    const { skuId, terms } = await dropped(base, { units: 10 });
    const again = await announce(terms, owner());
    expect(again.skus).toMatchObject([{ units: 10, left: 10, sold: 0 }]);
    await expect(announce({ ...terms, limit: 2 }, owner())).rejects.toMatchObject({ code: "DROP_DIFFERS" });
    expect(await level({ skuId }, scene())).toMatchObject({ held: 10, available: 10 });
    const tooMany = reserve({ holdId: freshId("hld"), lines: [{ skuId, pieces: 11 }] }, scene());
    await expect(tooMany).rejects.toMatchObject({ code: "OUT_OF_STOCK" });
    expect(await isDrifted()).toEqual([]);
  });

  test("more than there is is OUT_OF_STOCK and takes nothing; somebody else's is SKU_UNKNOWN; times must be in order", async () => {
    const [skuId, other] = [await stocked(base, 5), await stocked(base, 5)];
    const one = (sku: string, units: number) => ({
      skuId: sku,
      units,
      price: { minor: 1, currency: "USD" },
      waiting: 0,
    });
    const both = { ...termsOf(skuId), skus: [one(skuId, 5), one(other, 6)] };
    await expect(announce(both, owner())).rejects.toMatchObject({ code: "OUT_OF_STOCK" });
    expect(await level({ skuId }, scene())).toMatchObject({ held: 0 });
    const stranger = sceneOf(base.db, asAccount(freshId("acc"), "seller"));
    const theirs = announce(termsOf(skuId, { units: 1 }), stranger);
    await expect(theirs).rejects.toMatchObject({ code: "SKU_UNKNOWN" });
    const backwards = termsOf(skuId, { units: 1, endsAt: instant(Date.now() - 60_000) });
    await expect(announce(backwards, owner())).rejects.toMatchObject({ code: "DROP_TIMES_WRONG" });
  });
});

describe("the end", () => {
  test("Drop/withdraw: before it begins all is on the shelf again; afterwards it is DROP_BEGUN, somebody else's DROP_UNKNOWN", async () => {
    const { dropId, skuId } = await dropped(base, { startsAt: instant(Date.now() + 60_000) });
    const stranger = sceneOf(base.db, asAccount(freshId("acc"), "seller"));
    await expect(withdraw({ dropId }, stranger)).rejects.toMatchObject({ code: "DROP_UNKNOWN" });
    for (let times = 0; times < 2; times++) await withdraw({ dropId }, owner());
    expect(await level({ skuId }, scene())).toMatchObject({ held: 0, available: 20 });
    const begun = await dropped(base);
    await expect(withdraw({ dropId: begun.dropId }, owner())).rejects.toMatchObject({ code: "DROP_BEGUN" });
    expect(await isDrifted()).toEqual([]);
  });

  test("Drop/close: who waits is let go at the end; what is left goes to the shelf once nobody is at a checkout", async () => {
    const place = await dropped(base, { units: 1, waiting: 5 });
    const [first, second] = [askFor(place), askFor(place)];
    await enterDrop(base, first);
    await enterDrop(base, second);
    const use = { ticketId: first.ticketId, checkoutId: freshId("chk") };
    await claim({ ...use, accountId: first.accountId }, scene());
    await setTimes(place.dropId, { ends: true });
    expect(await close({}, scene())).toEqual({ closedCount: 0 });
    expect(await view({ dropId: place.dropId }, scene())).toMatchObject({
      phase: "over",
      skus: [{ waiting: 0 }],
    });
    await base.db
      .$client`update inventory.ticket set admitted_until = now() where ticket_id = ${first.ticketId}`;
    await giveBack(use, scene());
    await Promise.all([close({}, scene()), close({}, scene())]);
    expect(await view({ dropId: place.dropId }, scene())).toMatchObject({ phase: "closed" });
    expect(await level({ skuId: place.skuId }, scene())).toMatchObject({ held: 0, available: 2 });
    expect(await isDrifted()).toEqual([]);
  });

  test("Drop/view and Drop/entries: an unknown drop is DROP_UNKNOWN", async () => {
    const dropId = freshId("drp");
    await expect(view({ dropId }, scene())).rejects.toMatchObject({ code: "DROP_UNKNOWN" });
    await expect(entries({ dropId }, scene())).rejects.toMatchObject({ code: "DROP_UNKNOWN" });
  });
});

describe("a draw", () => {
  test("Drop/draw: places follow from the seed that was promised, anyone can verify them, and the first are admitted", async () => {
    const place = await dropped(base, {
      units: 3,
      waiting: 100,
      room: "draw",
      drawsAt: instant(Date.now() + 60_000),
    });
    const { dropId } = place;
    const promised = await view({ dropId }, scene());
    expect(promised.seed).toBeNull();
    const asks = Array.from({ length: 40 }, () => askFor(place));
    const outcomes = await Promise.all(asks.map((ask) => outcomeOf(enterDrop(base, ask))));
    expect(new Set(outcomes)).toEqual(new Set(["waiting"]));
    await setTimes(dropId, { draws: true });
    expect(await outcomeOf(enterDrop(base, askFor(place)))).toBe("DROP_OVER");
    const counts = await Promise.all([draw({}, scene()), draw({}, scene())]);
    expect(counts.map(({ drawnCount }) => drawnCount).toSorted((a, b) => a - b)).toEqual([0, 1]);
    const { seed } = await view({ dropId }, scene());
    expect(sha256(seed ?? "")).toBe(promised.seedHash);
    const { items } = await entries({ dropId, limit: 100 }, scene());
    const drawn = items.toSorted((a, b) => a.position - b.position).map(({ ticketId }) => ticketId);
    const verified = asks
      .map(({ ticketId }) => ({ ticketId, rank: sha256(`${seed}:${ticketId}`) }))
      .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
      .map(({ ticketId }) => ticketId);
    expect(drawn).toEqual(verified);
    const admitted = await base.db.$client<{ id: string }[]>`
      select ticket_id as id from inventory.ticket where drop_id = ${dropId} and state = 'admitted' order by position`;
    expect(admitted.map(({ id }) => id)).toEqual(verified.slice(0, 3));
  });
});
