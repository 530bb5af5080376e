/** How many lives are counted, waited for, and forgiven. */
import { setTimeout as sleep } from "node:timers/promises";
import { ShopError } from "@shopnexus/contracts/client";

/** What became of many lives: a property that was never put to the test proves nothing. */
export type Tally = Map<string, number>;
export const count = (tally: Tally, what: string): void => {
  tally.set(what, (tally.get(what) ?? 0) + 1);
};

/** Anything may be refused; what is left behind is judged by the audit. */
export const quietly = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch {
    return undefined;
  }
};

const ANSWER_TRIES = 5;

/** Asks the same again as long as the shop does not answer: what it refuses is an answer, and what took too long is none. */
export const insistently = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ShopError) || tries === ANSWER_TRIES) throw error;
    }
  }
};

/** Often enough, and cheap beside what it waits for. */
const POLL_MS = 150;

/** Polls until there is something, or the time is over. */
export const until = async <T>(
  look: () => Promise<T | undefined>,
  waitMs: number,
): Promise<T | undefined> => {
  const endMs = Date.now() + waitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined || Date.now() > endMs) return found;
    await sleep(POLL_MS);
  }
};
