/** One case: so many buyers, each asking again as soon as it is answered, for a while; then the last pieces of a SKU. */
import { round, seeded, timingsOf, type Window } from "../rules.ts";
import type { Pace } from "../sale.ts";
import type { Case } from "./rules.ts";
import { SCARCE, SCARCE_WANTED, type Shelf, type Shelves } from "./shelf.ts";
import type { Way } from "./ways.ts";

export type Setting = { readonly skus: number; readonly buyers: number; readonly pace: Pace };
type Piece = { readonly beganAtMs: number; readonly endedAtMs: number };

export const measureCase = async (way: Way, shelves: Shelves, setting: Setting): Promise<Case> => {
  const { skus, buyers, pace } = setting;
  const shelf = await shelves.fill(skus);
  await way.begin?.(shelf.stock);
  const beginAtMs = performance.now() + pace.warmMs;
  const window: Window = { beginAtMs, endAtMs: beginAtMs + pace.measureMs };
  const before = await shelves.transactions();
  const beganAtMs = performance.now();
  const crowd = Array.from({ length: buyers }, (_, at) => buyer(way, shelf, { seed: at + 1, window }));
  const pieces = (await Promise.all(crowd)).flat();
  await way.settle?.();
  const seconds = (performance.now() - beganAtMs) / 1_000;
  const transactions = ((await shelves.transactions()) - before) / seconds;
  const granted = await exhaust(way, shelf, buyers);
  await way.settle?.();
  const { oversold, broken } = await shelves.check(pieces.length + granted);
  const { perSecond, p50Ms, p99Ms } = timingsOf(pieces, window);
  return {
    way: way.name,
    skus,
    buyers,
    perSecond,
    p50Ms,
    p99Ms,
    transactionsPerSecond: round(transactions),
    oversold: oversold + Math.max(0, granted - SCARCE),
    broken: [
      ...broken,
      ...(granted < SCARCE ? [`${SCARCE - granted} of the last pieces found no buyer`] : []),
    ],
  };
};

const buyer = async (way: Way, { plentiful }: Shelf, { seed, window }: { seed: number; window: Window }) => {
  const random = seeded(seed);
  const pieces: Piece[] = [];
  while (performance.now() < window.endAtMs) {
    const skuId = plentiful[Math.floor(random() * plentiful.length)] ?? "";
    const beganAtMs = performance.now();
    if (!(await way.reserve(skuId))) throw new Error(`${way.name}: there was plenty, and it said no`);
    pieces.push({ beganAtMs, endedAtMs: performance.now() });
  }
  return pieces;
};

/** More want the last pieces than there are; gives how many were told yes. */
const exhaust = async (way: Way, { scarce }: Shelf, buyers: number): Promise<number> => {
  let [left, granted] = [SCARCE_WANTED, 0];
  const want = async (): Promise<void> => {
    while (left-- > 0) if (await way.reserve(scarce)) granted += 1;
  };
  await Promise.all(Array.from({ length: Math.min(buyers, SCARCE_WANTED) }, want));
  return granted;
};
