import { expect, test } from "vitest";
import { afterAttempt, type Attempt, backoffMs, newDelivery } from "./delivery.ts";
import type { SandboxEvent } from "./events.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
const event = { id: "evt_1", type: "charge.refunded" } as SandboxEvent;
const answer = (status: number | null): Attempt => ({ at: "then", status, error: null });

test("backoff: doubles from 200 ms and stops at 10 s", () => {
  expect([1, 2, 3, 6, 7, 1_000].map(backoffMs)).toEqual([200, 400, 800, 6_400, 10_000, 10_000]);
});

test("attempt: only 2xx ends it; a redirect, a refusal and silence are tried again", () => {
  const fresh = newDelivery(event, 0, false);
  expect(afterAttempt(fresh, answer(204), 5)).toMatchObject({ state: "delivered", attemptCount: 1 });
  for (const status of [null, 302, 400, 500]) {
    expect(afterAttempt(fresh, answer(status), 5)).toMatchObject({ state: "pending", dueAtMs: 205 });
  }
});

test("attempt: after a day it is given up, with every try counted", () => {
  let delivery = newDelivery(event, 0, false);
  while (delivery.state === "pending") delivery = afterAttempt(delivery, answer(500), delivery.dueAtMs);
  expect(delivery.state).toBe("given_up");
  expect(delivery.dueAtMs).toBeGreaterThanOrEqual(DAY_MS);
  expect(delivery.attemptCount).toBeGreaterThan(DAY_MS / 10_000);
  expect(delivery.attempts).toHaveLength(20);
});
