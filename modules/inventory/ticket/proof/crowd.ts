/** Drops for proofs: steps called as the kit would call them, on a test's own database. */
import { freshId } from "@shopnexus/contracts/kit/id";
import { instant } from "@shopnexus/contracts/kit/time";
import type { TestDatabase } from "#tools/testkit/database.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { announce } from "../../drop/announce.ts";
import type { Terms } from "../../drop/rules.ts";
import { book } from "../../stock/book.ts";
import { open } from "../../stock/open.ts";
import { admit } from "../admit.ts";

export const sellerId = freshId("acc");
export const PRICE = { minor: 1_000, currency: "USD" };

export const termsOf = (
  skuId: string,
  more: Partial<Terms> & { units?: number; waiting?: number } = {},
): Terms => {
  const { units = 10, waiting = 0, ...rest } = more;
  return {
    dropId: freshId("drp"),
    skus: [{ skuId, units, price: PRICE, waiting }],
    startsAt: instant(Date.now() - 1_000),
    endsAt: instant(Date.now() + 3_600_000),
    room: "queue",
    limit: 1,
    ...rest,
  };
};

export const stocked = async (base: TestDatabase, pieces: number): Promise<string> => {
  const skuId = freshId("sku");
  const scene = sceneOf(base.db, asModule("catalog"));
  await open({ sellerId, skuIds: [skuId] }, scene);
  await book({ sellerId, receiptId: "first", skuId, pieces }, scene);
  return skuId;
};

/** A drop of its seller's own SKU, of which the shelf has twice as many pieces. */
export const dropped = async (base: TestDatabase, more: Parameters<typeof termsOf>[1] = {}) => {
  const skuId = await stocked(base, 2 * (more.units ?? 10));
  const terms = termsOf(skuId, more);
  await announce(terms, sceneOf(base.db, asAccount(sellerId, "seller")));
  return { dropId: terms.dropId, skuId, terms };
};

export const askFor = ({ dropId, skuId }: { dropId: string; skuId: string }, more: object = {}) => ({
  ticketId: freshId("tkt"),
  accountId: freshId("acc"),
  dropId,
  skuId,
  pieces: 1,
  ...more,
});

export const enterDrop = (base: TestDatabase, ask: ReturnType<typeof askFor>) =>
  admit(ask, sceneOf(base.db, asModule("inventory")));

/** What became of it: a state, or the code of a refusal. */
export const outcomeOf = (work: Promise<{ state: string }>): Promise<string> =>
  work.then(
    ({ state }) => state,
    (error: { code?: string }) => error.code ?? "fault",
  );

export const tally = (outcomes: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(outcomes, (one) => one)].map(([name, all]) => [name, all.length]));
