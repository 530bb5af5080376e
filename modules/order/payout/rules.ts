/** Decisions of a payout, of values alone. */
import type { Feed } from "@shopnexus/contracts/common/feed";
import type { Mail } from "@shopnexus/contracts/common/mail";
import type { In, Out } from "@shopnexus/contracts/kit/contract";
import type { Money } from "@shopnexus/contracts/kit/money";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { PayoutRefusals, type PayoutView } from "@shopnexus/contracts/order/payout";
import type { Transfer } from "@shopnexus/contracts/order/transfer";
import type { Wallet } from "@shopnexus/contracts/account/wallet";
import { deriveId } from "#modules/_kit/derive.ts";

/** The durable promises by which the other handlers speak to the run, and it to them. */
export const SIGNALS = { opened: "opened", decided: "decided" } as const;

export type PayoutOrder = { readonly payoutId: string; readonly accountId: string; readonly amount: Money };

type Letter = In<typeof Mail, "post">;
type Event = In<typeof Feed, "append">["events"][number];
type Advanced = Out<typeof Transfer, "advance">;

export const walletHoldOf = (payoutId: string): string => deriveId("whd", payoutId);

/** Out of what was held, to the bank. */
export const payoutEntry = (
  { payoutId, accountId, amount: { minor, currency } }: PayoutOrder,
  provider: string,
): In<typeof Wallet, "spend"> => ({
  walletHoldId: walletHoldOf(payoutId),
  entryKey: `${payoutId}/payout`,
  kind: "payout",
  reference: payoutId,
  lines: [
    { account: `held:${accountId}`, minor: -minor, currency },
    { account: `bank:${provider}`, minor, currency },
  ],
});

type Return = { readonly uptoMinor: number; readonly minor: number };
const returnKey = (payoutId: string, { uptoMinor }: Return): string => `${payoutId}/returned/${uptoMinor}`;

/** The bank gave it back: it is owed to the seller again. */
export const returnedEntry = (view: PayoutView, back: Return): In<typeof Wallet, "post"> => {
  const { payoutId, accountId, bank } = view;
  const { currency } = view.amount;
  return {
    entryKey: returnKey(payoutId, back),
    kind: "payout",
    reference: payoutId,
    lines: [
      { account: `bank:${bank.provider}`, minor: -back.minor, currency },
      { account: `wallet:${accountId}`, minor: back.minor, currency },
    ],
  };
};

/** Refuses what an operator, its seller or silence has ended; gives whether it may go, or is still waited for. */
export const mayGo = ({ state, decision, note }: Advanced): boolean => {
  if (decision === "cancelled") throw refuse(PayoutRefusals.PAYOUT_CANCELLED, {});
  if (decision === "denied") throw refuse(PayoutRefusals.PAYOUT_DENIED, { note: note ?? "" });
  if (decision === "expired")
    throw refuse(PayoutRefusals.PAYOUT_DENIED, { note: "Nobody approved it in time." });
  return state !== "awaiting_approval" && state !== "suspended";
};

const letterFor = ({ payoutId, accountId, amount }: PayoutOrder) => ({
  to: { accountId },
  data: { payoutId, amount: { minor: amount.minor, currency: amount.currency } },
});

export const sentLetter = (order: PayoutOrder): Letter => ({
  ...letterFor(order),
  messageKey: `${order.payoutId}/sent`,
  template: "payout_sent",
});

const WAITS_FOR = {
  awaiting_approval: "We look at large payouts before they leave.",
  suspended: "Your account is suspended.",
} as const;

export const waitingLetter = (order: PayoutOrder, state: keyof typeof WAITS_FOR): Letter => {
  const { to, data } = letterFor(order);
  const reason = WAITS_FOR[state];
  return {
    to,
    data: { ...data, reason },
    messageKey: `${order.payoutId}/${state}`,
    template: "payout_waiting",
  };
};

/** It came to nothing, and not by its seller's own hand: the seller is told why. */
export const failedLetter = (order: PayoutOrder, reason: string): Letter => {
  const { to, data } = letterFor(order);
  return { to, data: { ...data, reason }, messageKey: `${order.payoutId}/failed`, template: "payout_failed" };
};

export const returnedLetter = (view: PayoutView, back: Return): Letter => {
  const amount = { minor: back.minor, currency: view.amount.currency };
  const { to, data } = letterFor({ ...view, amount });
  const reason = "The bank gave the money back; it is in your wallet again.";
  return {
    to,
    data: { ...data, reason },
    messageKey: returnKey(view.payoutId, back),
    template: "payout_failed",
  };
};

/** What an operator hears who has not said anything. */
export const alertLetter = ({ payoutId, amount }: PayoutOrder, email: string): Letter => ({
  to: { email },
  messageKey: `${payoutId}/escalated`,
  template: "operator_alert",
  data: {
    subject: "A payout waits for approval",
    message: `Payout ${payoutId} of ${amount.minor} ${amount.currency} minor units has waited too long. Without a word it is denied.`,
  },
});

export const eventOf = (
  kind: Event["kind"],
  { payoutId, accountId, amount }: PayoutOrder,
  rest: Event["data"] = {},
): Event => ({
  eventKey: `${payoutId}/${kind.replace("payout.", "")}`,
  kind,
  subject: payoutId,
  data: { accountId, amount, ...rest },
});

export const returnedEvent = (view: PayoutView, back: Return): Event => ({
  eventKey: returnKey(view.payoutId, back),
  kind: "payout.failed",
  subject: view.payoutId,
  data: { accountId: view.accountId, amount: { ...view.amount, minor: back.minor }, reason: "returned" },
});
