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
  lines_confirmed: "The seller takes it on.",
  lines_rejected: "The seller turned it down; what was paid goes back.",
  lines_cancelled: "The buyer took it back; what was paid goes back.",
  lines_expired: "The seller was silent for too long; what was paid goes back.",
  seller_reminded: "The seller was reminded.",
  stock_came: "Stock has come; it is the seller's turn.",
  stock_never_came: "Stock did not come in time; what was paid goes back.",
  parcel_booked: "The parcel is booked and has its label.",
  carrier_down: "The carrier does not answer; it is asked again.",
  carrier_refused: "The carrier does not take the parcel; the seller may choose another one.",
  carrier_changed: "The seller sends it by another carrier.",
  serials_short: "Serial numbers are missing; the seller has to add them.",
  parcel_disputed: "The parcel waits: the buyer's bank asks for the money back.",
  parcel_undone: "The parcel cannot be sent; operators were told.",
  parcel_called_off: "The carrier called the parcel off; it is booked anew.",
  parcel_shipped: "The carrier has the parcel.",
  parcel_delivered: "The parcel is delivered.",
  receipt_confirmed: "The buyer has the goods.",
  parcel_lost: "The parcel is lost; what was paid goes back.",
  parcel_returned: "The parcel came back; what was paid goes back.",
  parcel_found: "A parcel that was given up has turned up; operators were told.",
  handover_late: "The carrier has not fetched the parcel in time; operators were told.",
  handover_expired: "The parcel was never fetched; what was paid goes back.",
  transit_late: "The parcel takes too long; operators were told.",
  seller_paid: "The escrow window is over; the seller is paid.",
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
