/** Decisions about messages to suppliers' systems: what one says, what an answer means, and when it is tried again. */
import type { Letter } from "@shopnexus/contracts/common/letter";
import type { HookEvent, PurchaseView } from "@shopnexus/contracts/inventory/purchase";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";

/** A system that has not answered after so long is taken to be away. */
export const ANSWER_MS = 15 * SECOND_MS;

/** Longer than an attempt lasts, so that two processes never talk to a system about one message. */
export const CLAIM_MS = 4 * ANSWER_MS;

/** By the default of `hookMs` these are six hours. */
const PAUSE_COUNT_MAX = 4_320;

/** How long to wait after so many attempts in a row: four times as long each time. */
export const pauseAfter = (attempts: number, firstMs: number): number =>
  firstMs * Math.min(4 ** Math.min(attempts - 1, 16), PAUSE_COUNT_MAX);

/** The same in every attempt and every process: by it a receiver knows what it has heard before. */
export const messageIdOf = (purchaseId: string, event: HookEvent): string => `${purchaseId}_${event}`;

/** The same text in every attempt: of the order it says only what does not change. Source: Standard Webhooks. */
export const bodyOf = (event: HookEvent, code: string, view: PurchaseView): string => {
  const { purchaseId, dueAt, lines, sentAt, endedAt, draftedAt } = view;
  const order = { purchaseId, code, dueAt, lines: lines.map(({ skuId, pieces }) => ({ skuId, pieces })) };
  return JSON.stringify({
    type: `purchase.${event}`,
    timestamp: (event === "sent" ? sentAt : endedAt) ?? draftedAt,
    data: event === "sent" ? order : { purchaseId },
  });
};

type Failure = { readonly sellerId: string; readonly attempts: number; readonly reason: string };

/** To the seller, once each time that a message is given up. */
export const untoldLetter = (
  { purchaseId, event }: { readonly purchaseId: string; readonly event: HookEvent },
  { sellerId, attempts, reason }: Failure,
): Letter => ({
  messageKey: `${purchaseId}/untold/${event}/${attempts}`,
  to: { accountId: sellerId },
  template: "purchase_untold",
  data: { purchaseId, reason },
});

/** Those of 4xx that are for now: the system is slow, at odds with itself, early, or has too much to do. */
const FOR_NOW: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** What a status says of a message: taken, not now, or never. Redirects are not followed, so one is a no. */
export const verdictOn = (status: number): "delivered" | "deferred" | "refused" => {
  if (status >= 200 && status < 300) return "delivered";
  return status >= 500 || FOR_NOW.has(status) ? "deferred" : "refused";
};
