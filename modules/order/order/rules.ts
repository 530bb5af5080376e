/** What people read on the timeline: one sentence a fact. */
const SENTENCES = {
  checkout_opened: "The items are set aside and the buyer can pay.",
  payment_declined: "The payment was declined; the buyer may try again.",
  payment_action_needed: "The buyer's bank wants to see the buyer first.",
  payment_replaced: "The attempt to pay was replaced by the next one.",
  payment_authorized: "The gateway may take the money.",
  payment_received: "The gateway says that it was paid.",
  payment_settled: "The payment is as asked: the sale is certain.",
  payment_called_off: "The payment was called off; nothing was charged.",
  payment_returned: "What was paid went back to the buyer in full.",
  orders_placed: "The orders were placed with their sellers.",
  checkout_closed: "The checkout came to nothing, and everything set aside was given back.",
  claim_requested: "The buyer asks for money back; it is the seller's turn.",
  claim_returning: "The seller pays once the goods are back; it is the buyer's turn.",
  claim_in_transit: "The goods are on their way back.",
  claim_returned: "The goods are back; the seller looks at them.",
  claim_disputed: "The seller does not agree; operators decide.",
  claim_escalated: "It takes too long; operators were told.",
  claim_accepted: "The claim is accepted; the money is about to move.",
  claim_paying: "The money is on its way back to the buyer.",
  claim_settled: "What was asked back is paid.",
  claim_withdrawn: "The buyer does not ask for money back any more.",
  claim_closed: "The goods were never sent back; the claim is closed.",
  claim_denied: "Operators decided for the seller.",
  claim_voided: "The shop took the claim back before anything came of it.",
  chargeback_opened: "The buyer's bank takes money back.",
  chargeback_won: "The bank has given the money back.",
  chargeback_lost: "The bank keeps the money.",
} as const;

export type TimelineFact = keyof typeof SENTENCES;

export const sentenceOf = (fact: TimelineFact, detail: string): string =>
  detail === "" ? SENTENCES[fact] : `${SENTENCES[fact].slice(0, -1)} (${detail}).`;

/** Groups lines by seller, sellers in the order of their ids: the same orders in every repeat. */
export const bySeller = <T extends { sellerId: string }>(
  lines: readonly T[],
): Array<{ sellerId: string; lines: T[] }> =>
  [...Map.groupBy(lines, ({ sellerId }) => sellerId)]
    .map(([sellerId, own]) => ({ sellerId, lines: own }))
    .toSorted((a, b) => (a.sellerId < b.sellerId ? -1 : 1));
