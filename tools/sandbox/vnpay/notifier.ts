import { z } from "zod";
import type { Attempt, Delivery } from "../hooks/delivery.ts";
import { type Dispatch, type Knock, makeDispatch } from "../hooks/dispatch.ts";
import type { Notice } from "./shapes.ts";

// A merchant that has not answered by then counts as silent.
const ANSWER_WITHIN_MS = 10_000;
const CALLS_MAX = 10;
const ANSWER_SHOWN = 200;
/** The merchant has it, or had it already. */
const HEARD = new Set(["00", "02"]);

/** A notice that VNPay never sent: whoever made it up calls once. */
export const FORGED = "ipn.forged";

const Answer = z.object({ RspCode: z.string(), Message: z.string().optional() });

type Parts = Omit<Parameters<typeof makeDispatch<Notice>>[0], "knock" | "after">;

/** Calls the merchant's IPN address until it says that it knows. */
export const makeNotifier = (parts: Parts, retryMs: number): Dispatch<Notice> =>
  makeDispatch<Notice>({
    ...parts,
    knock,
    after: (delivery, attempt, nowMs) => afterCall(delivery, attempt, nowMs + retryMs),
  });

const knock: Knock<Notice> = async ({ query }, url) => {
  const response = await fetch(`${url}${url.includes("?") ? "&" : "?"}${query}`, {
    headers: { "user-agent": "shopnexus-sandbox (emulator)", "x-emulator": "shopnexus-sandbox" },
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  const text = await response.text();
  return { status: response.status, error: null, answer: rspCodeOf(text) ?? text.slice(0, ANSWER_SHOWN) };
};

const rspCodeOf = (text: string): string | undefined => {
  try {
    return Answer.parse(JSON.parse(text)).RspCode;
  } catch {
    return undefined;
  }
};

const afterCall = (delivery: Delivery, attempt: Attempt, dueAtMs: number): Delivery => {
  const attemptCount = delivery.attemptCount + 1;
  const called = { ...delivery, attemptCount, attempts: [...delivery.attempts, attempt] };
  if (HEARD.has(attempt.answer ?? "")) return { ...called, state: "delivered" };
  if (attemptCount >= CALLS_MAX || delivery.type === FORGED) return { ...called, state: "given_up" };
  return { ...called, dueAtMs };
};
