/** Decisions about purchase orders: what may be done in which state, and what is told to whom. */
import type { Letter } from "@shopnexus/contracts/common/letter";
import {
  PurchaseRefusals,
  type PurchaseState,
  type PurchaseView,
} from "@shopnexus/contracts/inventory/purchase";
import { CommonRefusals, type RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";

type PurchaseEvent = "issue" | "acknowledge" | "land" | "close";

/** Where each event leads from each state; null: not from here. `land` ends where all has come: see `landedIn`. */
export const TRANSITIONS: Readonly<
  Record<PurchaseEvent, Readonly<Record<PurchaseState, PurchaseState | null>>>
> = {
  issue: {
    draft: "sent",
    sent: "sent",
    acknowledged: "acknowledged",
    part_received: "part_received",
    received: "received",
    cancelled: null,
  },
  acknowledge: {
    draft: null,
    sent: "acknowledged",
    acknowledged: "acknowledged",
    part_received: "part_received",
    received: "received",
    cancelled: null,
  },
  // What was cancelled may be on its way all the same: it is booked, and stays cancelled.
  land: {
    draft: null,
    sent: "part_received",
    acknowledged: "part_received",
    part_received: "part_received",
    received: "received",
    cancelled: "cancelled",
  },
  close: {
    draft: "cancelled",
    sent: "cancelled",
    acknowledged: "cancelled",
    part_received: "cancelled",
    received: null,
    cancelled: "cancelled",
  },
};

/** Where an event leads; or why it cannot be. */
export const nextState = (state: PurchaseState, event: PurchaseEvent): PurchaseState | RefusalError =>
  TRANSITIONS[event][state] ?? refuse(PurchaseRefusals.PURCHASE_CLOSED, { state });

type Line = PurchaseView["lines"][number];

/** The state after a delivery was booked. */
export const landedIn = (state: PurchaseState, lines: readonly Line[]): PurchaseState =>
  state === "part_received" && lines.every(({ pieces, receivedPieces }) => receivedPieces >= pieces)
    ? "received"
    : state;

/** After so many the run ends; the order itself stays open. */
export const REMINDER_COUNT_MAX = 5;

/** What has not come of an order, as a letter lists it. */
const missingOf = ({ lines }: PurchaseView) =>
  lines.flatMap(({ skuId, pieces, receivedPieces }) =>
    receivedPieces < pieces ? [{ title: skuId, pieces: pieces - receivedPieces }] : [],
  );

/** The order itself. */
export const orderLetter = (email: string, code: string, view: PurchaseView): Letter => ({
  messageKey: `${view.purchaseId}/sent`,
  to: { email },
  template: "purchase_order",
  data: {
    purchaseId: view.purchaseId,
    code,
    dueAt: view.dueAt ?? view.draftedAt,
    items: view.lines.map(({ skuId, pieces }) => ({ title: skuId, pieces })),
  },
});

/** One letter a reminder and side; none when nothing is missing any more. */
export const reminderLetters = (
  reminder: number,
  { email, sellerId }: { readonly email: string; readonly sellerId: string },
  view: PurchaseView,
): Letter[] => {
  const items = missingOf(view);
  if (items.length === 0) return [];
  const data = { purchaseId: view.purchaseId, dueAt: view.dueAt ?? view.draftedAt, items };
  const key = `${view.purchaseId}/overdue/${reminder}`;
  return [
    { messageKey: `${key}/supplier`, to: { email }, template: "purchase_overdue", data },
    { messageKey: `${key}/seller`, to: { accountId: sellerId }, template: "purchase_overdue", data },
  ];
};

export const cancelLetter = (email: string, { purchaseId }: PurchaseView): Letter => ({
  messageKey: `${purchaseId}/cancelled`,
  to: { email },
  template: "purchase_cancelled",
  data: { purchaseId },
});

/** A cursor of ours names the last order shown. */
export const cursorIn = (cursor: string | undefined): string | undefined => {
  if (cursor === undefined || /^pur_[0-9a-f]{32}$/.test(cursor)) return cursor;
  const says = "this is not the `next` of a page of purchase orders";
  throw refuse(CommonRefusals.INVALID_INPUT, { issues: [{ path: "after", says }] });
};
