/** What people and the feed are told of a claim, of values alone. */
import type { In } from "@shopnexus/contracts/kit/contract";
import type { Feed } from "@shopnexus/contracts/common/feed";
import type { Letter } from "@shopnexus/contracts/common/letter";
import type { ClaimEvent, ClaimStep, ClaimView } from "@shopnexus/contracts/order/complaint";

export type Happened = ClaimStep["happened"][number];

/** The durable promise by which news of a version is told to the run. */
export const newsOf = (version: number): string => `news/${version}`;

type Said = {
  readonly claim: ClaimView;
  readonly happened: Happened;
  readonly operators: string | undefined;
};
type Draft = Omit<Letter, "messageKey">;

/** The letters of one event: to whom of the parties did not do it. */
export const lettersOf = (said: Said): Letter[] =>
  draftsOf(said).map(
    (draft, at) =>
      ({ messageKey: `${said.claim.refundId}/${said.happened.version}/${at}`, ...draft }) as Letter,
  );

const draftsOf = (said: Said): Draft[] => {
  const { claim, happened } = said;
  const { refundId, orderId, asked } = claim;
  const buyer = { accountId: claim.buyerId };
  const seller = { accountId: claim.sellerId };
  const reason = happened.says;
  const until = claim.dueAt ?? happened.at;
  const about = { orderId, refundId };
  switch (happened.event) {
    case "open": {
      const data = { ...about, amount: asked, reason: `${claim.reason}: ${claim.says}`, answerUntil: until };
      return [{ to: seller, template: "claim_opened", data }];
    }
    case "accept":
    case "approve":
    case "lose":
      return [{ to: buyer, template: "claim_answered", data: { ...about, answer: "accepted", reason } }];
    case "accept_with_return": {
      const data = { ...about, answer: "accepted, once the goods are back", reason, until };
      return [{ to: buyer, template: "claim_answered", data }];
    }
    case "send":
    case "arrive": {
      const answer = happened.event === "send" ? "the goods are on their way back" : "the goods are back";
      return [{ to: seller, template: "claim_answered", data: { ...about, answer, reason, until } }];
    }
    case "contest":
      return disputed(said);
    case "escalate": {
      const subject = `${refundId} waits for too long`;
      const message = `The claim ${refundId} of the order ${orderId} is ${happened.state}. Without a decision the buyer is paid.`;
      const to = { email: said.operators ?? "" };
      return said.operators === undefined
        ? []
        : [{ to, template: "operator_alert", data: { subject, message } }];
    }
    default:
      return endOf(said);
  }
};

const disputed = ({ claim, happened }: Said): Draft[] => {
  const { disputeId, orderId, buyerId, dueAt } = claim;
  if (disputeId === null) return [];
  const data = { orderId, disputeId, reason: happened.says, verdictUntil: dueAt ?? happened.at };
  return [{ to: { accountId: buyerId }, template: "dispute_opened", data }];
};

const VERDICTS: Partial<Record<ClaimEvent, string>> = {
  award_all: "for the buyer",
  award_part: "for the buyer, in part",
  award_none: "for the seller",
};

/** Verdicts, and whatever ends a claim. */
const endOf = ({ claim, happened }: Said): Draft[] => {
  const { refundId, orderId, disputeId } = claim;
  const { event, state, says: reason } = happened;
  const both = [{ accountId: claim.buyerId }, { accountId: claim.sellerId }];
  const verdict = VERDICTS[event];
  if (verdict !== undefined && disputeId !== null)
    return both.map((to) => ({
      to,
      template: "dispute_decided",
      data: { orderId, disputeId, verdict, reason },
    }));
  const about = { orderId, refundId };
  if (event === "withdraw")
    return [
      {
        to: { accountId: claim.sellerId },
        template: "claim_closed",
        data: { ...about, outcome: "withdrawn by the buyer", reason },
      },
    ];
  if (event === "expire" && state === "closed") {
    const data = { ...about, outcome: "closed", reason: "The goods were not sent back in time." };
    return both.map((to) => ({ to, template: "claim_closed", data }));
  }
  if (event === "expire") {
    const data = { ...about, answer: "accepted", reason: "There was no answer in time." };
    return both.map((to) => ({ to, template: "claim_answered", data }));
  }
  if (event !== "settle" || claim.paid === null) return [];
  const paid = { to: { accountId: claim.buyerId }, template: "refund_paid" as const };
  const closed = { to: { accountId: claim.sellerId }, template: "claim_closed" as const };
  return [
    { ...paid, data: { ...about, amount: claim.paid } },
    { ...closed, data: { ...about, outcome: "paid back to the buyer", reason: "" } },
  ];
};

/** How the buyer sends the goods back: the label is read at the shop. */
export const labelLetter = ({ refundId, orderId, buyerId, dueAt }: ClaimView, trackingId: string): Letter => {
  const until = dueAt === null ? {} : { until: dueAt };
  const reason = `The label for the parcel is ready. Its number is ${trackingId}.`;
  const data = { orderId, refundId, answer: "accepted, once the goods are back", reason, ...until };
  return { messageKey: `${refundId}/label`, to: { accountId: buyerId }, template: "claim_answered", data };
};

/** The shortest of some waits; null: none of them ends. */
export const soonest = (...waits: ReadonlyArray<number | null>): number | null =>
  waits.reduce((least, wait) => (least === null || (wait !== null && wait < least) ? wait : least), null);

type FeedEvent = In<typeof Feed, "append">["events"][number];

/** Whatever leads out of a dispute; a claim is disputed once, and then decided. */
const ENDS_DISPUTE: ReadonlySet<ClaimEvent> = new Set([
  "award_all",
  "award_part",
  "award_none",
  "accept",
  "withdraw",
  "expire",
  "void",
]);

/** What the feed is told of one event. */
export const feedOf = (claim: ClaimView, { event, state, version }: Happened): FeedEvent[] => {
  const { refundId, orderId, disputeId, asked, paid } = claim;
  const key = `${refundId}/${version}`;
  const data = { orderId, refundId, state, asked, paid };
  const ends = ["settled", "withdrawn", "closed", "denied", "voided"].includes(state);
  return [
    ...(event === "open" ? [{ eventKey: key, kind: "refund.opened" as const, subject: refundId, data }] : []),
    ...(ends ? [{ eventKey: key, kind: "refund.closed" as const, subject: refundId, data }] : []),
    ...(event === "contest" && disputeId !== null
      ? [{ eventKey: `${key}/dispute`, kind: "dispute.opened" as const, subject: disputeId, data }]
      : []),
    ...(ENDS_DISPUTE.has(event) && disputeId !== null
      ? [{ eventKey: `${key}/verdict`, kind: "dispute.closed" as const, subject: disputeId, data }]
      : []),
  ];
};
