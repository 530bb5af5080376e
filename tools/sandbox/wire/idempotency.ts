import type { Shelf } from "../shelf.ts";
import { keyReused } from "./errors.ts";

/** What an endpoint answered. */
export type Reply = { status: number; body: object };

/** The answer remembered for a key. */
export type KeptReply = Readonly<Reply & { id: string; path: string; fingerprint: string; atMs: number }>;

type Keyed = { key: string; path: string; fingerprint: string };
type Answer = Reply & { isKept: boolean };

export type Once = (keyed: Keyed, run: () => Promise<Answer>) => Promise<Reply & { isReplayed: boolean }>;

const KEPT_FOR_MS = 24 * 60 * 60 * 1_000;

/** Runs a keyed request once: the same key again gets the first answer, also while the first is still running. */
export const makeOnce = (replies: Shelf<KeptReply>, now: () => number): Once => {
  const running = new Map<string, Keyed & { ended: Promise<void> }>();

  const remembered = (keyed: Keyed) => {
    const kept = replies.get(keyed.key);
    if (kept === undefined || now() - kept.atMs >= KEPT_FOR_MS) return undefined;
    refuseReuse(kept, keyed);
    return { status: kept.status, body: kept.body, isReplayed: true };
  };
  const claim = async (keyed: Keyed, run: () => Promise<Answer>) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    running.set(keyed.key, { ...keyed, ended: promise });
    try {
      const { isKept, ...reply } = await run();
      const { key, path, fingerprint } = keyed;
      if (isKept) replies.put({ id: key, path, fingerprint, atMs: now(), ...reply });
      return { ...reply, isReplayed: false };
    } finally {
      running.delete(keyed.key);
      resolve();
    }
  };
  return async (keyed, run) => {
    for (let first = running.get(keyed.key); first !== undefined; first = running.get(keyed.key)) {
      refuseReuse(first, keyed);
      await first.ended;
    }
    return remembered(keyed) ?? (await claim(keyed, run));
  };
};

const refuseReuse = (first: Pick<Keyed, "path" | "fingerprint">, { key, path, fingerprint }: Keyed): void => {
  const advice = `Try using a key other than '${key}' if you meant to execute a different request.`;
  if (first.path !== path) {
    throw keyReused(
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${path}' vs '${first.path}'). ${advice}`,
    );
  }
  if (first.fingerprint === fingerprint) return;
  throw keyReused(
    `Keys for idempotent requests can only be used with the same parameters they were first used with. ${advice}`,
  );
};
