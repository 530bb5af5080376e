import { newId } from "../money/shapes.ts";

/** What a courier has to know of an event. */
export type Carried = Readonly<{ id: string; type: string }>;

export type Attempt = {
  at: string;
  status: number | null;
  error: string | null;
  /** What the receiver said, where the sender reads it. */
  answer?: string | undefined;
};

/** One copy of one event on its way to the webhook. */
export type Delivery = Readonly<{
  id: string;
  event: string;
  type: string;
  /** `lost` by an injected fault, `given_up` after a day of tries. */
  state: "pending" | "delivered" | "lost" | "given_up";
  createdAtMs: number;
  dueAtMs: number;
  attemptCount: number;
  /** The latest ones; attemptCount counts all. */
  attempts: readonly Attempt[];
}>;

const SECOND_MS = 1_000;
const FIRST_RETRY_MS = 200;
const RETRY_MAX_MS = 10 * SECOND_MS;
// Stripe tries for days; a day is enough for any test and bounds what a dead endpoint costs.
const GIVE_UP_AFTER_MS = 24 * 60 * 60 * SECOND_MS;
const ATTEMPTS_SHOWN = 20;

export const newDelivery = (event: Carried, nowMs: number, isLost: boolean): Delivery => ({
  id: newId("whd"),
  event: event.id,
  type: event.type,
  state: isLost ? "lost" : "pending",
  createdAtMs: nowMs,
  dueAtMs: nowMs,
  attemptCount: 0,
  attempts: [],
});

/** The delivery after one more attempt: done, due again later, or given up. */
export const afterAttempt = (delivery: Delivery, attempt: Attempt, nowMs: number): Delivery => {
  const attemptCount = delivery.attemptCount + 1;
  const tried = {
    ...delivery,
    attemptCount,
    attempts: [...delivery.attempts, attempt].slice(-ATTEMPTS_SHOWN),
  };
  if (attempt.status !== null && attempt.status >= 200 && attempt.status < 300)
    return { ...tried, state: "delivered" };
  if (nowMs - delivery.createdAtMs >= GIVE_UP_AFTER_MS) return { ...tried, state: "given_up" };
  return { ...tried, dueAtMs: nowMs + backoffMs(attemptCount) };
};

/** 200 ms, 400 ms, ... up to 10 s. */
export const backoffMs = (attemptCount: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** (attemptCount - 1), RETRY_MAX_MS);
