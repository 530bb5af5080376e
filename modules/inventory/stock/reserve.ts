import { type Hold, HOLD_LINE_COUNT_MAX, type Stock } from "@shopnexus/contracts/inventory/stock";
import { epochMs, instant } from "@shopnexus/contracts/kit/time";
import { CommonRefusals, RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import { assert } from "#modules/_kit/assert.ts";
import { batcher, type Outcome } from "#modules/_kit/batch.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { insertHold, insertHolds, insertPlainHold, type Purchase, type Verdict } from "../_kit/making.ts";
import { perActor, QUEUE_MAX } from "../_kit/together.ts";
import { type Ask, findHold, insertShares, lockLevels, type Sql, takeTurn } from "./rows.ts";
import { type HoldRow, inLockOrder, type Line, repeatOf, sharesOf, shortageIn } from "./rules.ts";

export const reserve: Step<typeof Stock, "reserve"> = async ({ holdId, lines }, { db, who }) =>
  reserveTogether(db, actorOf(who))({ holdId, lines: inLockOrder(lines) });

/** Lines of one trip: those of four of the largest purchases, or of some hundred small ones. */
const LINES_MAX = 4 * HOLD_LINE_COUNT_MAX;

const reserveTogether = perActor(({ $client }, actor) =>
  batcher<Purchase, Hold>({
    name: "Stock/reserve",
    keyOf: ({ holdId }) => holdId,
    weigh: ({ lines }) => lines.length,
    weightMax: LINES_MAX,
    queueMax: QUEUE_MAX,
    busy: (retryAfterMs) => refuse(CommonRefusals.BUSY, { retryAfterMs }),
    one: (purchase) => reserveOne($client, purchase, actor),
    together: async (purchases) => {
      const verdicts = await insertHolds($client, purchases, actor);
      return purchases.map((purchase, at) => outcomeOf(purchase, verdicts[at] ?? "alone"));
    },
  }),
);

/** Who is short and would wait takes the long way, as does a repeat. */
const outcomeOf = ({ holdId, lines }: Purchase, verdict: Verdict): Outcome<Hold> => {
  if (verdict === "alone") return "alone";
  if ("madeUntil" in verdict) return { answer: until(holdId, verdict.madeUntil, []) };
  if (mayWait(lines)) return "alone";
  const refusal = shortageIn(verdict.sightings);
  assert(refusal, "who is short is short of something");
  return { refusal };
};

const mayWait = (lines: readonly Line[]): boolean => lines.some(({ backorder }) => backorder !== undefined);

const reserveOne = async (sql: Sql, { holdId, lines }: Purchase, actor: string): Promise<Hold> => {
  const ask = { holdId, actor };
  const [line] = lines;
  const plain = line && lines.length === 1 ? await insertPlainHold(sql, line, ask) : undefined;
  if (plain !== undefined) return until(holdId, plain, []);
  const found = await insertHold(sql, lines, ask);
  if (found.madeUntil !== null) return until(holdId, found.madeUntil, []);
  const known = found.known ?? (await findHold(sql, holdId));
  if (known !== undefined) return answerAgain(holdId, known, lines);
  if (mayWait(lines)) return reservePartly(sql, lines, ask);
  const shortage = shortageIn(found.sightings);
  assert(shortage, "a hold that was not made has a twin, or a line that is short");
  throw shortage;
};

const answerAgain = (holdId: string, known: HoldRow, lines: readonly Line[]): Hold => {
  const answer = repeatOf(known, lines);
  if (typeof answer !== "string") throw answer;
  return until(holdId, answer, known.waits.map(({ skuId }) => skuId).toSorted());
};

const until = (holdId: string, at: string, backordered: string[]): Hold => ({
  holdId,
  expiresAt: instant(epochMs(at)),
  backordered,
});

/** The long way, for a buyer who would wait: under the locks of its levels each line is held or gets its place. */
const reservePartly = async (sql: Sql, lines: readonly Line[], ask: Ask): Promise<Hold> => {
  const skuIds = lines.map(({ skuId }) => skuId);
  await sql.begin(async (tx) => {
    await tx`select ${takeTurn(tx, ask.holdId)}`;
    if ((await findHold(tx, ask.holdId)) !== undefined) return;
    const shares = sharesOf(lines, await lockLevels(tx, skuIds));
    if (shares instanceof RefusalError) throw shares;
    await insertShares(tx, shares, ask);
  });
  const made = await findHold(sql, ask.holdId);
  assert(made, "it was made just now, by us or by a twin");
  return answerAgain(ask.holdId, made, lines);
};
