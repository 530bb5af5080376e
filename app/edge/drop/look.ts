/** Looks at a gate for many at once: whoever comes before the question is sent shares it, and its answer is not older than they are. */
import type { Gate, Standing, Wish } from "#modules/_kit/gate.ts";

export type Look = (wish: Wish, ticketId: string) => Promise<Seen>;
type Seen = { readonly standing: Standing; readonly isKnown: boolean };

type Batch = {
  readonly ticketIds: string[];
  readonly answer: ReturnType<Gate["look"]>;
};

/** As many tickets as one question of Redis carries well. */
const BATCH_MAX = 500;

export const openLook = (gate: Gate): Look => {
  const batches = new Map<string, Batch>();
  const begin = (key: string, wish: Wish): Batch => {
    const ticketIds: string[] = [];
    const answer = new Promise<void>((resolve) => {
      setImmediate(resolve);
    }).then(() => {
      if (batches.get(key)?.ticketIds === ticketIds) batches.delete(key);
      return gate.look(wish, ticketIds);
    });
    const batch = { ticketIds, answer };
    batches.set(key, batch);
    return batch;
  };
  return async (wish, ticketId) => {
    const key = `${wish.gateId}/${wish.skuId}/${wish.pieces}`;
    const open = batches.get(key);
    const batch = open === undefined || open.ticketIds.length >= BATCH_MAX ? begin(key, wish) : open;
    batch.ticketIds.push(ticketId);
    const { standing, known } = await batch.answer;
    return { standing, isKnown: known.has(ticketId) };
  };
};
